// Fetching with progress, for the page and for the worker.

/**
 * A response whose body reports how much of it has arrived.
 *
 * @param {string} url
 * @param {(loaded: number, total: number) => void} onProgress bytes; total is 0 where not known
 * @param {RequestCache} [cache]
 * @param {Promise<Response>} [started] the request, where it is under way
 * @returns {Promise<Response>} one with a 2xx status; otherwise an Error in plain words is thrown
 */
export async function download(url, onProgress, cache = "default", started = fetch(url, { cache })) {
  const name = new URL(url, self.location.href).pathname.split("/").pop();
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
  const name = new URL(url, self.location.href).pathname.split("/").pop();
  const body = async (cache) => {
    const { body } = await download(url, () => {}, cache);
    const bytes = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    // Only pages of https can compute checksums; elsewhere gzip's own has to do.
    if (crypto.subtle) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const sum = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (sum !== sha256) throw new TypeError();
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
    const name = new URL(url, self.location.href).pathname.split("/").pop();
    throw new Error(`${name} arrived only in part: the connection broke off`);
  }
}
