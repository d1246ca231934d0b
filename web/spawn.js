// Starts an engine's worker, for pages of this origin and of any other.

/** The address of a worker's script that is of the page's own origin, and imports the one that is not. */
let blob = null;

/** The policy of pages that require Trusted Types; `null` where they do not allow its name, or there are none. */
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
 * @param {string} name says what is to be opened; see engine-worker.js
 * @returns {Worker}
 */
export function spawn(name) {
  const script = new URL("./engine-worker.js", import.meta.url);
  // Of a sandboxed frame it is "null", whatever its address.
  if (script.origin === self.origin) return new Worker(trusted(script.href), { type: "module", name });
  // It imports as it runs, since Chromium starts no modules from blobs in a sandboxed frame. What cannot be imported is thrown, so that the
  // worker's error event says it.
  const text = `import(${JSON.stringify(script.href)}).catch((error) => setTimeout(() => { throw error; }));`;
  blob ??= URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(trusted(blob), { name });
}
