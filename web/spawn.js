// Starts an engine's worker, for pages of this origin or any other.

/** The URL of a worker script on the page's own origin that imports the script from the other origin. */
let blob = null;

/** The policy for pages that require Trusted Types; `null` if the page forbids its name or has no Trusted Types. */
let policy;

function trusted(address) {
  if (policy === undefined) {
    try {
      policy = self.trustedTypes?.createPolicy("inkling", { createScriptURL: (address) => address }) ?? null;
    } catch {
      policy = null;
    }
  }
  return policy?.createScriptURL(address) ?? address;
}

/**
 * @param {string} name says which backend to open; see engine-worker.js
 * @returns {Worker}
 */
export function spawn(name) {
  const script = new URL("./engine-worker.js", import.meta.url);
  // In a sandboxed frame the origin is "null", whatever the URL.
  if (script.origin === self.origin) return new Worker(trusted(script.href), { type: "module", name });
  // A dynamic import, since Chromium starts no module workers from blobs in a sandboxed frame. A failed import is
  // thrown, so that the worker's error event reports it.
  const text = `import(${JSON.stringify(script.href)}).catch((error) => setTimeout(() => { throw error; }));`;
  blob ??= URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(trusted(blob), { name });
}
