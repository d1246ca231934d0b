// The engine's worker: looks for an adapter, fetches the wasm with progress, and hands over to it.
//
// The worker's name says what is wanted: "flex", "ndarray", "webgpu", or "webgpu any" where a
// software adapter will do. With `?wasm=given` the page compiles the wasm and sends it as the first message, as
// `{ module }`. Messages are else those of src/protocol.rs.

const [backend, adapters] = self.name.split(" ");
// The page may be of another origin, and `self.location` then a blob's: see spawn.js.
const isGiven = new URL(import.meta.url).searchParams.get("wasm") === "given";

class EngineFailure extends Error {
  constructor(reason, message = "") {
    super(message);
    this.reason = reason;
  }
}

function post(message) {
  self.postMessage({ message });
}

/** Throws unless WebGPU has an adapter that the engine can use. */
async function requireAdapter() {
  if (!navigator.gpu) throw new EngineFailure("noWebGpu");
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new EngineFailure("noAdapter");
  const isSoftware = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
  if (isSoftware && adapters !== "any") throw new EngineFailure("softwareAdapter");
  // cubecl 0.11 cannot make its stream without timestamps.
  if (!adapter.features.has("timestamp-query")) {
    throw new EngineFailure("noAdapter", "the adapter lacks timestamp-query");
  }
}

function given() {
  return new Promise((resolve) => {
    self.addEventListener("message", ({ data }) => resolve(data.module), { once: true });
  });
}

async function fetchWasm(url) {
  const started = fetch(url);
  started.catch(() => {});
  const { download } = await import("./download.js");
  return download(url, (loaded, total) => post({ type: "progress", loaded, total }), "default", started);
}

async function start() {
  if (backend === "webgpu") await requireAdapter();
  const kind = backend === "webgpu" ? "gpu" : backend;
  try {
    // All at once, for every request that waits for another delays the first answer.
    const wasm = isGiven ? given() : fetchWasm(new URL(`./engine-${kind}_bg.wasm`, import.meta.url));
    const [{ default: init }, module_or_path] = await Promise.all([import(`./engine-${kind}.js`), wasm]);
    await init({ module_or_path });
  } catch (error) {
    throw new EngineFailure("download", error.message);
  }
}

start().catch((error) => {
  post({ type: "failed", reason: error.reason ?? "crash", message: error.message });
});
