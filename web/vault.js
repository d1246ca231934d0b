// Stores what a person has taught in this browser: drawings, networks, settings. If the browser refuses, they last for
// the visit.
//
// Every value is a cloneable object with a string `id`. Every Error thrown here says in full sentences what happened
// and what to do. Nothing here sends anything anywhere. Bound by src/host/vault.rs.

const NAME = "inkling";
const VERSION = 1;
/** The stores, each with the words for what no longer fits when storage is full. */
const STORES = { samples: "more drawings", networks: "another network", settings: "this setting" };

const RELOAD =
  "Inkling has been updated in another tab. Reload this page to continue. Everything that was saved is still there.";
const REFUSED =
  "This browser doesn’t save anything for this page, perhaps because the window is private or storage is blocked. What you teach lasts until you close the page. Export it to keep it.";
const NEWER =
  "What you taught here was saved by a newer version of Inkling. Reload the page to use it. Nothing is lost, but until then nothing new is saved.";
const UNFETCHED = "Part of the page could not be fetched, so nothing is saved. Reload the page.";
const BLOCKED =
  "Another tab runs an older version of Inkling and is still using the saved data. Close that tab and reload this page. Until then nothing new is saved.";

/**
 * Upgrades a database of any earlier version to this one, step by step, within the transaction that changes its
 * version. A new version adds a step and leaves the earlier steps unchanged. Version 0 means that there is no database
 * yet.
 */
export function upgrade(db, oldVersion) {
  if (oldVersion < 1) for (const store of Object.keys(STORES)) db.createObjectStore(store, { keyPath: "id" });
}

/** An Error with a message for the person. */
class Plain extends Error {}

/** The open database; null if everything is in `memory`, undefined if it has to be opened. */
let database;
const memory = new Map(Object.keys(STORES).map((store) => [store, new Map()]));
let opened;
let connecting;
let isOutdated = false;
let hasAskedToPersist = false;
const listeners = new Set();

// Reaches the other tabs, never this one.
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
channel?.addEventListener("message", ({ data }) => {
  if (database !== null && Array.isArray(data?.stores)) tell({ stores: data.stores, isOutdated: false });
});

function tell(change) {
  for (const listener of listeners) listener(change);
}

/**
 * Opens the storage. Later calls return the first answer. Never rejects.
 *
 * @returns {Promise<{isKept: boolean, why: string}>} `why` says why nothing is saved
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
      // Another tab wants a newer version, or none (it deletes everything). It waits until all connections are closed.
      blocking(_, version) {
        isOutdated = version !== null;
        letGo();
      },
      // The browser closed the connection, for example because the site's data were deleted. The next use reopens it.
      terminated: letGo,
    });
    opening.then(resolve, (error) => reject(error.name === "VersionError" ? new Plain(NEWER) : error));
    // A connection that opens after all must not block the next one.
    opening.then((late) => isGivenUp && late.close(), () => {});
  });
  db = await connected;
  database = db;
}

/** Begins a transaction over some stores. Returns null if everything is in memory. */
async function begin(stores, mode) {
  await open();
  if (isOutdated) throw new Plain(RELOAD);
  if (database === null) return null;
  try {
    if (database) return database.transaction(stores, mode);
  } catch (error) {
    // The connection was closed without an event, as phones do. Nothing has been done yet, so a retry is safe.
    if (error.name !== "InvalidStateError") throw error;
  }
  await connect();
  return database.transaction(stores, mode);
}

/** Makes a change in one transaction: all of it or, with an Error, nothing. */
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
    // A transaction aborted by a failed request reports only the abort, so the request's error is used.
    throw plain(error.name === "AbortError" && reason ? reason : error, stores);
  }
  channel?.postMessage({ stores });
}

/** Turns an error into a message for the person. */
function plain(error, stores) {
  if (error instanceof Plain) return error;
  console.warn(error);
  if (error.name === "QuotaExceededError") {
    return new Plain(
      `This browser has no space left for ${STORES[stores[0]]}. Export what you have, or delete some of it. Nothing that was already saved is lost.`,
    );
  }
  return new Plain(
    `The browser’s storage failed (${error.message || error.name}). Nothing that was saved has changed. Reload the page and try again.`,
  );
}

/** Returns all values of a store, in the order of their ids. */
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

/** Saves values and replaces those with the same ids: all of them or, with an Error, none. */
export async function put(store, values) {
  const stray = values.find(({ id }) => typeof id !== "string");
  if (stray) throw new Plain("A value without an id cannot be saved.");
  const requests = function* ({ store }) {
    for (const value of values) yield store.put(value);
  };
  await change([store], requests, () => {
    const kept = values.map((value) => structuredClone(value));
    for (const value of kept) memory.get(store).set(value.id, value);
  });
  if (database && !hasAskedToPersist) {
    hasAskedToPersist = true;
    // Asks the browser not to delete the data when the disk is full. A refusal changes nothing.
    navigator.storage?.persist?.().catch(() => {});
  }
}

/** Deletes the values with these ids for good. */
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
 * Calls back when another tab has changed something, or when this tab is outdated.
 *
 * @param {(change: {stores: string[], isOutdated: boolean}) => void} callback
 * @returns {() => void} stops the callbacks
 */
export function onChange(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

const lockName = (name) => `${NAME} ${name}`;

/**
 * Does work that only one tab may do at a time, such as training.
 *
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} the work's result; rejects at once if another tab is doing it
 */
export async function lock(name, work) {
  // Only pages served over https have locks. Elsewhere nothing prevents parallel work.
  if (!navigator.locks) return work();
  return navigator.locks.request(lockName(name), { ifAvailable: true }, (held) => {
    if (held) return work();
    throw new Plain("Another tab of Inkling is already doing this. Wait until it finishes, or close it.");
  });
}

/** Whether any tab, including this one, is doing the work with this name. */
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
  // By then the file is saved, or the browser has asked where to save it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
