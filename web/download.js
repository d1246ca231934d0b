// Fetching with progress, for the page and for the worker, and of the page's parts that are wanted later. An address that is not
// absolute is relative to this file, wherever the page lies.

const at = (url) => new URL(url, import.meta.url);
const nameOf = (url) => at(url).pathname.split("/").pop();

/**
 * A response whose body reports how much of it has arrived.
 *
 * @param {string} url
 * @param {(loaded: number, total: number) => void} onProgress bytes; total is 0 where not known
 * @param {RequestCache} [cache]
 * @param {Promise<Response>} [started] the request, where it is under way
 * @returns {Promise<Response>} one with a 2xx status; otherwise an Error in plain words is thrown
 */
export async function download(url, onProgress, cache = "default", started = fetch(at(url), { cache })) {
  const name = nameOf(url);
  let response;
  try {
    response = await started;
  } catch {
    throw new Error(`${name} could not be fetched: the network did not answer`);
  }
  if (!response.ok) {
    throw new Error(`${name} could not be fetched: the server answered ${response.status}`);
  }
  // A compressed body is counted as it comes out, so its length in the header says nothing.
  const encoded = response.headers.has("content-encoding");
  const total = encoded ? 0 : Number(response.headers.get("content-length")) || 0;
  let loaded = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      onProgress(loaded, total);
      controller.enqueue(chunk);
    },
  });
  const { headers, status, statusText } = response;
  return new Response(response.body.pipeThrough(counter), { headers, status, statusText });
}

/**
 * A file that was compressed by gzip, unpacked and checked.
 *
 * @param {string} url
 * @param {string} sha256 of what is packed, in hexadecimal
 * @returns {Promise<Uint8Array>}
 */
export async function downloadUnpacked(url, sha256) {
  if (!("DecompressionStream" in self)) {
    throw new Error("this browser cannot unpack the file (it has no DecompressionStream); a newer one can");
  }
  const name = nameOf(url);
  const body = async (cache) => {
    const { body } = await download(url, () => {}, cache);
    const bytes = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    // Only pages of https can compute checksums; elsewhere gzip's own has to do.
    if (crypto.subtle) {
      if ((await checksum(bytes)) !== sha256) throw new TypeError();
    }
    return new Uint8Array(bytes);
  };
  return body("force-cache").catch(() => body("reload")).catch((error) => {
    throw error instanceof TypeError ? new Error(`${name} arrived only in part or damaged`) : error;
  });
}

/**
 * The whole body of {@link download}.
 *
 * @returns {Promise<Uint8Array>}
 */
export async function downloadBytes(url, onProgress, cache) {
  const response = await download(url, onProgress, cache);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Error(`${nameOf(url)} arrived only in part: the connection broke off`);
  }
}

/** The SHA-256 of bytes, in hexadecimal. Only pages of https can compute it. */
export async function checksum(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What {@link importWasm} has given or is about to give, and how often it was asked for in vain. */
const imported = new Map();
let nFailures = 0;

/**
 * A wasm with the script that wasm-bindgen made for it, fetched side by side, and once.
 *
 * @param {string} name `catalogue` for catalogue.js and catalogue_bg.wasm
 * @returns {Promise<object>} what the script exports, ready for use; otherwise an Error in plain words is thrown
 */
export function importWasm(name) {
  if (!imported.has(name)) {
    const importing = importOnce(name).catch((error) => {
      imported.delete(name);
      nFailures += 1;
      throw error;
    });
    imported.set(name, importing);
  }
  return imported.get(name);
}

async function importOnce(name) {
  const wasm = download(`./${name}_bg.wasm`, () => {}, nFailures ? "reload" : "default");
  wasm.catch(() => {});
  // Browsers remember by its address that a script could not be had.
  const script = await import(`./${name}.js${nFailures ? `?${nFailures}` : ""}`).catch(() => {
    throw new Error(`${name}.js could not be fetched`);
  });
  const response = await wasm;
  try {
    await script.default({ module_or_path: response });
  } catch (error) {
    console.error(error);
    throw new Error(`${name}_bg.wasm arrived only in part or damaged`);
  }
  return script;
}
