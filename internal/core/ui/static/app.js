// 邻里 Linli: what a page can do better with script. Everything works without.
// No build, no library; each part stands by itself and old phones skip what they lack.
(function () {
  'use strict';
  var all = function (root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); };

  // A mistake takes the focus, after a load and after a swap.
  function focusMistake() {
    var note = document.querySelector('[data-focus]');
    if (note) note.focus();
  }
  document.addEventListener('htmx:after:swap', focusMistake);

  // One press is one order: the button turns busy, a second press is dropped. After 10 s one may press again:
  // the answer may have been a file, or have got lost.
  function press(form, button) {
    if (form.getAttribute('data-sent')) return false;
    form.setAttribute('data-sent', '1');
    if (button) button.setAttribute('aria-busy', 'true');
    setTimeout(function () { release(form); }, 10000);
    return true;
  }
  function release(form) {
    form.removeAttribute('data-sent');
    all(form, '[aria-busy]').forEach(function (b) { b.removeAttribute('aria-busy'); });
  }
  window.addEventListener('pageshow', function () { all(document, '[data-sent]').forEach(release); });
  document.addEventListener('htmx:finally:request', function () { all(document, '[data-sent]').forEach(release); });

  document.addEventListener('submit', function (event) {
    var form = event.target, button = event.submitter;
    if (event.defaultPrevented) return;
    if (!press(form, button)) { event.preventDefault(); return; }
    if (!form.hasAttribute('data-geo') && !form.hasAttribute('data-queue')) return;
    event.preventDefault();
    if (button && button.name) set(form, button.name, button.value);
    position(form, function () { send(form); });
  });

  // data-geo: fills the inputs lat, lng and accuracy, or goes on without after 8 s.
  function position(form, then) {
    var geo = form.hasAttribute('data-geo') && navigator.geolocation;
    if (!geo) { then(); return; }
    geo.getCurrentPosition(function (found) {
      set(form, 'lat', found.coords.latitude);
      set(form, 'lng', found.coords.longitude);
      set(form, 'accuracy', Math.round(found.coords.accuracy));
      then();
    }, then, { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 });
  }
  function set(form, name, value) {
    var input = form.elements[name];
    if (!input) {
      input = document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      form.appendChild(input);
    }
    input.value = value;
  }

  // data-queue="/where/it/leads": what cannot be sent is kept on the phone and sent when there is a network
  // again. It counts as sent when the server leads on to that address; a sign-in page is not an answer.
  var KEY = 'linli-queue';
  function send(form) {
    if (!form.hasAttribute('data-queue') || !window.fetch) { submit(form); return; }
    set(form, 'at', new Date().toISOString());
    var entry = { url: form.action, to: form.getAttribute('data-queue'), body: new URLSearchParams(new FormData(form)).toString() };
    post(entry).then(function (answer) {
      if (answer.redirected && !arrived(entry, answer)) location.assign(answer.url); else show(answer); // signed out, or answered
    }, function () {
      keep(queue().concat(entry));
      release(form);
      showQueue();
    });
  }
  // The answer takes the place of the page. To load it again would lose its note, and to send the form again would
  // count a wrong code twice.
  function show(answer) {
    answer.text().then(function (text) {
      var page = new DOMParser().parseFromString(text, 'text/html'), main = page.querySelector('main');
      document.querySelector('main').replaceWith(main);
      document.title = page.title;
      if (answer.redirected) history.replaceState(null, '', answer.url);
      if (window.htmx) window.htmx.process(main);
      window.scrollTo(0, 0);
      focusMistake();
      showQueue();
    });
  }
  function submit(form) { HTMLFormElement.prototype.submit.call(form); } // raises no submit event again
  function post(entry) {
    return fetch(entry.url, {
      method: 'POST', credentials: 'same-origin', body: entry.body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Accept': 'text/html' }
    });
  }
  function arrived(entry, answer) {
    return answer.ok && answer.redirected && new URL(answer.url).pathname.indexOf(entry.to) === 0;
  }
  function refused(answer) {
    return answer.status >= 400 && answer.status < 500 && answer.status !== 401 && answer.status !== 429;
  }
  function queue() {
    try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch (broken) { return []; }
  }
  function keep(entries) {
    try { localStorage.setItem(KEY, JSON.stringify(entries)); } catch (full) { /* the note stays hidden: nothing was kept */ }
  }
  function showQueue() {
    var waiting = queue().length > 0;
    all(document, '[data-queued]').forEach(function (note) { note.hidden = !waiting; });
  }
  // In the order of pressing, one after the other; a server that is down keeps the rest waiting.
  function drain() {
    var entry = queue()[0];
    showQueue();
    if (!entry || navigator.onLine === false) return;
    post({ url: entry.url, body: entry.body + '&queued=1' }).then(function (answer) {
      if (!arrived(entry, answer) && !refused(answer)) return;
      keep(queue().slice(1));
      if (queue().length) drain(); else if (document.querySelector('[data-queued]')) location.reload();
    }, showQueue);
  }
  window.addEventListener('online', drain);

  // a[data-dialog]: the confirm page, as a dialog over this one.
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[data-dialog]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    fetch(link.href, { credentials: 'same-origin' }).then(function (answer) { return answer.text(); }).then(function (text) {
      var form = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-confirm]');
      if (form) openDialog(form, link); else location.assign(link.href);
    }, function () { location.assign(link.href); });
  });
  function openDialog(form, opener) {
    var dialog = document.createElement('dialog');
    dialog.className = 'dialog';
    dialog.setAttribute('aria-labelledby', 'confirm-title');
    form.classList.remove('card', 'narrow');
    dialog.appendChild(form);
    dialog.addEventListener('click', function (event) {
      if (event.target.closest('[data-close]')) { event.preventDefault(); dialog.close(); }
    });
    dialog.addEventListener('close', function () { dialog.remove(); opener.focus(); });
    document.body.appendChild(dialog);
    if (window.htmx) window.htmx.process(dialog);
    dialog.showModal();
  }

  // The board by keyboard: up and down in a column, left and right between them.
  document.addEventListener('keydown', function (event) {
    var ticket = event.target.closest && event.target.closest('.board .ticket');
    if (!ticket || event.altKey || event.ctrlKey || event.metaKey) return;
    var to = neighbour(ticket, event.key);
    if (to) { event.preventDefault(); to.focus(); }
  });
  function neighbour(ticket, key) {
    var columns = all(ticket.closest('.board'), '.col').map(function (c) { return all(c, '.ticket'); })
      .filter(function (tickets) { return tickets.length; });
    var at = columns.findIndex(function (tickets) { return tickets.indexOf(ticket) >= 0; });
    var row = columns[at].indexOf(ticket);
    if (key === 'ArrowDown') return columns[at][row + 1];
    if (key === 'ArrowUp') return columns[at][row - 1];
    var beside = columns[at + (key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : NaN)];
    return beside && beside[Math.min(row, beside.length - 1)];
  }

  // [data-send]: a filter sends its form when it is changed; without script the form has a button.
  document.addEventListener('change', function (event) {
    if (event.target.hasAttribute && event.target.hasAttribute('data-send')) event.target.form.requestSubmit();
  });

  focusMistake();
  drain();
})();
