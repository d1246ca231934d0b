// Caches the files of this page, including the pad's package.

/** Change the name with each release, so that the previous release's cache is deleted. */
const CACHE = "meter-1";

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
  // The page itself was fetched before the service worker existed.
  await (await caches.open(CACHE)).addAll(["./", "page.js"]);
}

/** Files in the package's hashed folder never change. Everything else is fetched again if there is a network. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept && /\/inkling-pad\/[0-9a-f]{12}\//.test(request.url)) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const isOurs = event.request.url.startsWith(self.registration.scope);
  if (isOurs && event.request.method === "GET") event.respondWith(answer(event.request));
});
