// Keeps the till's page and its files, so that it opens without a network. CACHE and FILES stand above.
'use strict';
self.addEventListener('install', function (event) {
  event.waitUntil(caches.open(CACHE).then(function (cache) { return cache.addAll(FILES); }).then(function () { return self.skipWaiting(); }));
});
self.addEventListener('activate', function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.map(function (name) { if (name.indexOf('linli-till-') === 0 && name !== CACHE) return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});
self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname === '/till') event.respondWith(page(event.request));
  else if (url.pathname.indexOf('/static/') === 0) event.respondWith(file(event.request));
});
// The page comes from the network when there is one; a sign-in page never takes its place.
function page(request) {
  return fetch(request).then(function (answer) {
    if (!answer.ok || answer.redirected) return answer;
    var copy = answer.clone();
    return caches.open(CACHE).then(function (cache) { return cache.put('/till', copy); }).then(function () { return answer; });
  }, function () {
    return caches.match('/till').then(function (kept) { return kept || Response.error(); });
  });
}
function file(request) {
  return caches.match(request).then(function (kept) { return kept || fetch(request); });
}
