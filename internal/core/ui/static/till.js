// 收券 The till: takes coupons with the network gone. Signatures are checked on this phone with WebCrypto; what was
// handed over is kept here and sent when there is a network. Without this script the page sends its form as always.
(function () {
  'use strict';
  var root = document.querySelector('[data-till]');
  if (!root || !window.fetch || !window.localStorage) return;
  var said = root.querySelector('[data-till-said]'), keptCard = root.querySelector('[data-till-kept]');
  var pressedTwice = ''; // a number that is not in the list is noted at the second press

  // What is kept: the till's key and lists of the last time online, what waits to be sent, what this phone took.
  function load(name, none) {
    try { return JSON.parse(localStorage.getItem('linli-till-' + name)) || none; } catch (broken) { return none; }
  }
  function save(name, value) { localStorage.setItem('linli-till-' + name, JSON.stringify(value)); }

  function say(name, state, more) {
    var words = root.querySelector('template[data-say="' + name + '"]');
    said.textContent = (words ? words.content.textContent : '') + (more || '');
    said.setAttribute('data-s', state);
    said.hidden = false;
    said.focus();
  }

  function uuid() { // version 7: the time, then chance
    var bytes = crypto.getRandomValues(new Uint8Array(16)), now = Date.now();
    for (var i = 5; i >= 0; i--) { bytes[i] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = bytes[6] & 15 | 112;
    bytes[8] = bytes[8] & 63 | 128;
    var hex = Array.from(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  // The code in what was scanned: the whole address of this page, or the code itself, or a typed number.
  function codeIn(text) {
    var at = text.indexOf('?c=');
    return (at < 0 ? text : decodeURIComponent(text.slice(at + 3))).trim();
  }
  function digitsOf(text) {
    return text.replace(/[０-９]/g, function (d) { return String.fromCharCode(d.charCodeAt(0) - 65248); }).replace(/[\s-]/g, '');
  }
  function checks(number) { // the last digit finds a wrong one and two that changed places
    if (!/^\d{12}$/.test(number)) return false;
    var sum = 0;
    for (var i = 0; i < 12; i++) {
      var d = +number[11 - i];
      if (i % 2) { d *= 2; if (d > 9) d -= 9; }
      sum += d;
    }
    return sum % 10 === 0;
  }
  function today() { // the day in Beijing
    return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  }

  function bytesOf(base64url) {
    var text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(text, function (c) { return c.charCodeAt(0); });
  }
  // Whether a sealed text is of this instance: true, false, or null when this browser cannot tell.
  function genuine(sealed) {
    var at = sealed.lastIndexOf('.');
    if (!window.crypto || !crypto.subtle || at < 0) return Promise.resolve(at < 0 ? false : null);
    return crypto.subtle.importKey('raw', bytesOf(load('key', '')), { name: 'Ed25519' }, false, ['verify']).then(function (key) {
      var signature;
      try { signature = bytesOf(sealed.slice(at + 1)); } catch (foreign) { return false; }
      return crypto.subtle.verify('Ed25519', key, signature, new TextEncoder().encode(sealed.slice(0, at)));
    }, function () { return null; });
  }
  function hashOf(number) {
    return crypto.subtle.digest('SHA-256', new TextEncoder().encode('coupon ' + number)).then(function (sum) {
      return Array.from(new Uint8Array(sum).slice(0, 8), function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
    });
  }

  // judge says what a phone without network can know of a code: {say, keep, number}.
  function judge(code) {
    if (code.indexOf('L1.') !== 0) return judgeNumber(digitsOf(code));
    var part = code.split('.');
    return genuine(code).then(function (is) {
      if (is === false || part.length !== 6) return { say: 'foreign' };
      if (load('tills', []).indexOf(part[3]) < 0) return { say: 'elsewhere' };
      if (part[4] < today()) return { say: 'over' };
      return { say: is ? 'kept' : 'unchecked', keep: true, number: part[2] };
    });
  }
  function judgeNumber(number) {
    if (!checks(number)) return Promise.resolve({ say: 'wrong' });
    if (!window.crypto || !crypto.subtle) return Promise.resolve({ say: 'unchecked', keep: true, number: number });
    var lists = load('lists', []);
    return Promise.all([hashOf(number)].concat(lists.map(genuine))).then(function (known) {
      var last = '', blind = false;
      lists.forEach(function (list, i) {
        if (known[i + 1] === null) blind = true;
        if (known[i + 1] === false) return;
        list.split('.')[3].split(',').forEach(function (entry) { if (entry.slice(0, 16) === known[0]) last = entry.slice(16); });
      });
      if (last && last < today()) return { say: 'over' };
      if (last) return { say: blind ? 'unchecked' : 'listed', keep: true, number: number };
      if (pressedTwice === number) return { say: 'noted', keep: true, number: number };
      pressedTwice = number;
      return { say: 'unlisted' };
    });
  }

  function takeOffline(code) {
    judge(code).then(function (found) {
      if (!found.keep) { say(found.say, 'late'); return; }
      var took = load('took', []);
      if (took.indexOf(found.number) >= 0) { say('twice', 'late'); return; }
      save('took', took.concat(found.number).slice(-500));
      save('kept', load('kept', []).concat({ use: uuid(), code: code, number: found.number, at: new Date().toISOString() }));
      say(found.say, found.say === 'kept' || found.say === 'listed' ? 'done' : 'doing');
      show();
    });
  }

  function post(entry) {
    var controller = window.AbortController ? new AbortController() : null;
    if (controller) setTimeout(function () { controller.abort(); }, 12000);
    return fetch('/api/v1/redemptions', {
      method: 'POST', credentials: 'same-origin', body: JSON.stringify(entry), signal: controller ? controller.signal : undefined,
      headers: { 'Content-Type': 'application/json', 'Accept': 'application/json' }
    });
  }
  function problem(answer) {
    return answer.json().then(function (p) { return (p.errors && p.errors[0] && p.errors[0].message) || p.detail || ''; }, function () { return ''; });
  }

  // take asks the server; an answer that does not come turns the same use into one that is kept.
  function take(code) {
    if (navigator.onLine === false) { takeOffline(code); return; }
    var entry = { use: uuid(), code: code };
    post(entry).then(function (answer) {
      if (answer.ok) { noteTaken(code); say('good', 'done'); return; }
      if (answer.status === 401) { say('signin', 'late'); return; }
      if (answer.status >= 500 || answer.status === 429) { takeOffline(code); return; }
      problem(answer).then(function (why) { say('', 'late', why); });
    }, function () { takeOffline(code); });
  }
  function noteTaken(code) {
    var number = code.indexOf('L1.') === 0 ? code.split('.')[2] : digitsOf(code);
    save('took', load('took', []).concat(number).slice(-500));
  }

  // send sends what waits, one after the other. What the server refuses is not asked again.
  var sending = false;
  function send() {
    var kept = load('kept', []), entry = kept[0];
    show();
    if (!entry || sending || navigator.onLine === false) return;
    sending = true;
    post({ use: entry.use, code: entry.code, offline: true, at: entry.at }).then(function (answer) {
      sending = false;
      if (answer.status === 401) { say('signin', 'late'); return; }
      if (answer.status >= 500 || answer.status === 429) return;
      save('kept', load('kept', []).slice(1));
      if (!answer.ok) {
        problem(answer).then(function (why) { say('refused', 'late', entry.number + ' ' + why); });
        send();
        return;
      }
      answer.json().then(function (use) {
        if (use.outcome !== 'good') say('finding', 'late');
        else if (!load('kept', []).length) say('sent', 'done');
        send();
      });
    }, function () { sending = false; });
  }
  function show() {
    var kept = load('kept', []), list = keptCard.querySelector('ul');
    keptCard.hidden = !kept.length;
    list.textContent = '';
    kept.forEach(function (entry) {
      var item = document.createElement('li');
      item.textContent = entry.number.replace(/(\d{4})(?=\d)/g, '$1 ') + '  ' + new Date(entry.at).toLocaleTimeString();
      list.appendChild(item);
    });
  }

  Array.prototype.forEach.call(root.querySelectorAll('[data-till-form]'), function (form) {
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      var input = form.elements.code;
      take(codeIn(input.value));
      if (input.type !== 'hidden') input.value = '';
    });
  });
  keptCard.querySelector('[data-till-send]').addEventListener('click', send);
  window.addEventListener('online', send);
  setInterval(send, 60000);

  // A page that came from the server renews what is kept; one that the worker kept shows the old.
  var fresh = Number((root.getAttribute('data-lists').split(' ')[0].split('.')[2]) || 0);
  if (fresh >= load('fresh', 0)) {
    save('fresh', fresh);
    save('key', root.getAttribute('data-key'));
    save('lists', root.getAttribute('data-lists').split(' ').filter(Boolean));
    save('tills', root.getAttribute('data-tills').split(' ').filter(Boolean));
  }
  if (navigator.serviceWorker) navigator.serviceWorker.register('/till-worker.js', { scope: '/till' });
  var scanned = new URLSearchParams(location.search).get('c');
  if (scanned && navigator.onLine === false) takeOffline(scanned);
  send();
})();
