// Downloads with progress, for the page and its workers, and loads the page's optional parts on demand. Relative URLs
// are resolved against this file, wherever the page is.

const at = (url) => new URL(url, import.meta.url);
const nameOf = (url) => at(url).pathname.split("/").pop();

/**
 * Fetches a response whose body reports its progress.
 *
 * @param {string} url
 * @param {(loaded: number, total: number) => void} onProgress bytes; `total` is 0 if unknown
 * @param {RequestCache} [cache]
 * @param {Promise<Response>} [started] the request, if it was already sent
 * @returns {Promise<Response>} a response with a 2xx status; otherwise it throws an Error in plain words
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
  // The bytes of a compressed body are counted after decompression, so the header's length doesn't apply.
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
 * Downloads a gzip file, unpacks it and checks it.
 *
 * @param {string} url
 * @param {string} sha256 of the unpacked content, in hexadecimal
 * @returns {Promise<Uint8Array>}
 */
export async function downloadUnpacked(url, sha256) {
  if (!("DecompressionStream" in self)) {
    throw new Error("this browser cannot unpack the file because it has no DecompressionStream; use a newer browser");
  }
  const name = nameOf(url);
  const body = async (cache) => {
    const { body } = await download(url, () => {}, cache);
    const bytes = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    // Only pages served over https can compute checksums. Elsewhere gzip's own has to do.
    if (crypto.subtle) {
      if ((await checksum(bytes)) !== sha256) throw new TypeError();
    }
    return new Uint8Array(bytes);
  };
  return body("force-cache").catch(() => body("reload")).catch((error) => {
    throw error instanceof TypeError ? new Error(`${name} is incomplete or damaged`) : error;
  });
}

/**
 * Downloads a whole body, like {@link download}.
 *
 * @returns {Promise<Uint8Array>}
 */
export async function downloadBytes(url, onProgress, cache) {
  const response = await download(url, onProgress, cache);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Error(`${nameOf(url)} is incomplete: the connection broke off`);
  }
}

/** Returns the SHA-256 of bytes in hexadecimal. Only pages served over https can compute it. */
export async function checksum(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The imports of {@link importWasm}, finished or pending, and the number of failures. */
const imported = new Map();
let nFailures = 0;

/**
 * Imports a wasm and its wasm-bindgen script. It downloads both in parallel, and only once.
 *
 * @param {string} name `catalogue` for catalogue.js and catalogue_bg.wasm
 * @returns {Promise<object>} the script's exports, ready for use; otherwise it throws an Error in plain words
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
  // Browsers remember failed scripts by their URL, so a retry needs another one.
  const script = await import(`./${name}.js${nFailures ? `?${nFailures}` : ""}`).catch(() => {
    throw new Error(`${name}.js could not be fetched`);
  });
  const response = await wasm;
  try {
    await script.default({ module_or_path: response });
  } catch (error) {
    console.error(error);
    throw new Error(`${name}_bg.wasm is incomplete or damaged`);
  }
  return script;
}
