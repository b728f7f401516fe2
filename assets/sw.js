// Static files: cache first, their address carries the version. Pages: the network, and after three seconds (or without
// one) the last copy this person saw. Nothing but GET is ever answered or kept. The fingerprint makes each build a new
// worker, and a new worker drops the old build's files.
const STATIC = 'static-' + BUILD;
const PAGES = 'pages';
const PATIENCE_MS = 3000;
const MAX_PAGES = 40;

addEventListener('install', event => event.waitUntil(skipWaiting()));

addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== STATIC && name !== PAGES) await caches.delete(name);
  await clients.claim();
})()));

async function fromStatic(request) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

async function keep(cache, request, response) {
  await cache.put(request, response);
  const known = await cache.keys();
  for (const old of known.slice(0, Math.max(0, known.length - MAX_PAGES))) await cache.delete(old);
}

async function fromNetwork(event) {
  const cache = await caches.open(PAGES);
  const last = await cache.match(event.request);
  const network = fetch(event.request).then(response => {
    // A redirect to the sign-in page, or a refusal, is not a copy of this page.
    if (response.ok && !response.redirected) event.waitUntil(keep(cache, event.request, response.clone()));
    return response;
  });
  if (!last) return network;
  const late = new Promise(done => setTimeout(done, PATIENCE_MS, last));
  return Promise.race([network.catch(() => last), late]);
}

addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(fromStatic(request));
  // One-use links (/p/…, /setup/…) and signing in are never kept.
  else if (request.mode === 'navigate' && !/^\/(p|setup|signin)(\/|$)/.test(url.pathname)) event.respondWith(fromNetwork(event));
});
