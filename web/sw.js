// Caches the files of one version, each with the right checksum, so that the page works offline.
// scripts/finish-dist.mjs fills in the constants.

const VERSION = __VERSION__;
/** SHA-256 of every file, by its path relative to the scope. */
const SUMS = __SUMS__;
/** The files cached on the first visit. The others are cached on first use. */
const EAGER = __EAGER__;

const PREFIX = `inkling ${new URL(self.registration.scope).pathname} `;
const CACHE = PREFIX + VERSION;

/** Caches a file if it matches the build. Returns whether it does. */
async function keep(path, response) {
  const bytes = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sum = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!response.ok || sum !== SUMS[path]) return false;
  await (await caches.open(CACHE)).put(path, response);
  return true;
}

/** Returns the names of earlier versions' caches. */
async function earlier() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
}

/** Takes a file over from an earlier version's cache if it is the same. Returns whether it is. */
async function inherit(path) {
  for (const name of await earlier()) {
    const response = await (await caches.open(name)).match(path);
    if (response && (await keep(path, response))) return true;
  }
  return false;
}

async function install() {
  const fetchOne = async (path) => {
    if (await inherit(path)) return;
    // A file that the page has just fetched is good enough if its checksum is right.
    for (const cache of ["force-cache", "reload"]) {
      const response = await fetch(new URL(path, self.registration.scope), { cache });
      if (await keep(path, response)) return;
    }
    throw new Error(`${path} does not match this version's build`);
  };
  await Promise.all(EAGER.map(fetchOne));
}

async function activate() {
  // Files that were cached on first use need no new download either.
  const lazy = Object.keys(SUMS).filter((path) => !EAGER.includes(path));
  const cache = await caches.open(CACHE);
  await Promise.all(lazy.map(async (path) => (await cache.match(path)) || inherit(path)));
  await Promise.all((await earlier()).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(event, path) {
  const kept = await (await caches.open(CACHE)).match(path);
  if (kept) return kept;
  const response = await fetch(event.request);
  // The page gets the response at once, with progress. A broken-off download is simply not cached.
  event.waitUntil(keep(path, response.clone()).catch(() => false));
  return response;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(self.registration.scope)) return;
  const below = url.pathname.slice(new URL(self.registration.scope).pathname.length);
  const path = request.mode === "navigate" && below === "" ? "index.html" : below;
  if (path in SUMS) event.respondWith(answer(event, path));
});
