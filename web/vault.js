// Keeps in this browser what a person has taught: drawings, networks, settings. Where the browser refuses, they last for the visit.
//
// Every value is an object that can be cloned, with an `id` that is a string. An Error that comes from here says in full
// sentences what happened and what to do. Nothing here sends anything anywhere. Bound by src/host/vault.rs.

const NAME = "inkling";
const VERSION = 1;
/** The stores, and what there is no room for where one of them cannot grow. */
const STORES = { samples: "more drawings", networks: "another network", settings: "this setting" };

const RELOAD = "Inkling has been updated in another tab. Reload this page to go on; all that was kept is still there.";
const REFUSED =
  "This browser keeps nothing for this page, as in a private window or where storage is blocked. What you teach lasts until you close the page; export it to keep it.";
const NEWER =
  "What was taught here is kept by a newer Inkling than this one. Reload the page to get it. Nothing of it is lost, and until then nothing new is kept.";
const UNFETCHED = "A part of the page could not be fetched, so that nothing is kept. Reload the page.";
const BLOCKED =
  "Another tab of Inkling is too old to let go of what is kept. Close it and reload this page. Until then nothing new is kept.";

/**
 * Brings a database of any earlier version up to this one, step by step, within the one transaction that changes its version.
 * A new version adds a step and leaves those before it as they are. Version 0 is none yet.
 */
export function upgrade(db, oldVersion) {
  if (oldVersion < 1) for (const store of Object.keys(STORES)) db.createObjectStore(store, { keyPath: "id" });
}

/** An Error that a person can read. */
class Plain extends Error {}

/** The open database; null where everything is in `memory`, undefined where it has to be opened. */
let database;
const memory = new Map(Object.keys(STORES).map((store) => [store, new Map()]));
let opened;
let connecting;
let isOutdated = false;
let hasAskedToPersist = false;
const listeners = new Set();

// Tells other tabs, never this one.
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
channel?.addEventListener("message", ({ data }) => {
  if (database !== null && Array.isArray(data?.stores)) tell({ stores: data.stores, isOutdated: false });
});

function tell(change) {
  for (const listener of listeners) listener(change);
}

/**
 * Opens what is kept; again and again gives the first answer. Never rejects.
 *
 * @returns {Promise<{isKept: boolean, why: string}>} `why` says why nothing is kept
 */
export function open() {
  opened ??= connect().then(
    () => ({ isKept: true, why: "" }),
    (error) => {
      console.warn("Nothing is kept:", error);
      database = null;
      return { isKept: false, why: error instanceof Plain ? error.message : REFUSED };
    },
  );
  return opened;
}

function connect() {
  connecting ??= connectOnce().finally(() => (connecting = undefined));
  return connecting;
}

async function connectOnce() {
  const { openDB } = await import("./idb/index.js").catch(() => {
    throw new Plain(UNFETCHED);
  });
  let db;
  let isGivenUp = false;
  const letGo = () => {
    db?.close();
    database = undefined;
    tell({ stores: Object.keys(STORES), isOutdated });
  };
  const connected = new Promise((resolve, reject) => {
    const opening = openDB(NAME, VERSION, {
      upgrade,
      blocked() {
        isGivenUp = true;
        reject(new Plain(BLOCKED));
      },
      // Another tab wants a newer version, or none to delete all: whoever holds on keeps it waiting.
      blocking(_, version) {
        isOutdated = version !== null;
        letGo();
      },
      // The browser has closed it, as when the site's data are deleted. It is opened anew when it is next used.
      terminated: letGo,
    });
    opening.then(resolve, (error) => reject(error.name === "VersionError" ? new Plain(NEWER) : error));
    // What opens after all must not keep the next one waiting.
    opening.then((late) => isGivenUp && late.close(), () => {});
  });
  db = await connected;
  database = db;
}

/** A transaction over some stores; null where everything is in memory. */
async function begin(stores, mode) {
  await open();
  if (isOutdated) throw new Plain(RELOAD);
  if (database === null) return null;
  try {
    if (database) return database.transaction(stores, mode);
  } catch (error) {
    // The connection went without a word, as on phones. Nothing has been done yet, so that once more is safe.
    if (error.name !== "InvalidStateError") throw error;
  }
  await connect();
  return database.transaction(stores, mode);
}

/** Does something in one transaction: all of it or, with an Error, nothing. */
async function change(stores, onDisk, inMemory) {
  let tx;
  let reason;
  try {
    tx = await begin(stores, "readwrite");
    if (!tx) return inMemory();
    tx.done.catch(() => {});
    for (const request of onDisk(tx)) request.catch((error) => (reason ??= error));
    await tx.done;
  } catch (error) {
    try {
      tx?.abort();
    } catch {
      // It is over already.
    }
    // A transaction that a request has ended knows only that it was ended.
    throw plain(error.name === "AbortError" && reason ? reason : error, stores);
  }
  channel?.postMessage({ stores });
}

/** An error in words for the person. */
function plain(error, stores) {
  if (error instanceof Plain) return error;
  console.warn(error);
  if (error.name === "QuotaExceededError") {
    return new Plain(
      `This browser has no room left for ${STORES[stores[0]]}. Export what you have, or delete some of it. Nothing that was there is lost.`,
    );
  }
  return new Plain(
    `The browser’s storage did not answer as it should (${error.message || error.name}). Nothing that was kept has changed. Reload the page and try again.`,
  );
}

/** All values of a store, by their ids. */
export async function all(store) {
  try {
    const tx = await begin([store], "readonly");
    if (tx) return await tx.store.getAll();
  } catch (error) {
    throw plain(error, [store]);
  }
  const values = [...memory.get(store).values()];
  return values.sort((a, b) => (a.id < b.id ? -1 : 1)).map((value) => structuredClone(value));
}

/** Keeps values, in place of those with the same ids: all of them or, with an Error, none. */
export async function put(store, values) {
  const stray = values.find(({ id }) => typeof id !== "string");
  if (stray) throw new Plain("What has no name cannot be kept.");
  const requests = function* ({ store }) {
    for (const value of values) yield store.put(value);
  };
  await change([store], requests, () => {
    const kept = values.map((value) => structuredClone(value));
    for (const value of kept) memory.get(store).set(value.id, value);
  });
  if (database && !hasAskedToPersist) {
    hasAskedToPersist = true;
    // Not to be thrown away when the disk runs full. A refusal changes nothing.
    navigator.storage?.persist?.().catch(() => {});
  }
}

/** Deletes the values of these ids for good. */
export function remove(store, ids) {
  const requests = ({ store }) => ids.map((id) => store.delete(id));
  return change([store], requests, () => ids.forEach((id) => memory.get(store).delete(id)));
}

/** Deletes everything for good. */
export function clear() {
  const stores = Object.keys(STORES);
  const requests = (tx) => stores.map((store) => tx.objectStore(store).clear());
  return change(stores, requests, () => memory.forEach((values) => values.clear()));
}

/**
 * Calls back when another tab has changed something, or when this one is too old to go on.
 *
 * @param {(change: {stores: string[], isOutdated: boolean}) => void} callback
 * @returns {() => void} ends it
 */
export function onChange(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

const lockName = (name) => `${NAME} ${name}`;

/**
 * Does some work that only one tab may do at a time, such as training.
 *
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} of the work; rejects at once where another tab is at it
 */
export async function lock(name, work) {
  // Only pages of https have locks; elsewhere nobody is kept out.
  if (!navigator.locks) return work();
  return navigator.locks.request(lockName(name), { ifAvailable: true }, (held) => {
    if (held) return work();
    throw new Plain("Another tab of Inkling is at it already. Wait until it is done, or close it.");
  });
}

/** Whether any tab, this one too, is doing the work of that name. */
export async function isLocked(name) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === lockName(name));
}

/** Lets the person save a file. */
export function save(name, blobParts, type) {
  const url = URL.createObjectURL(new Blob(blobParts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // By then it is saved, or the person has been asked where to.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
