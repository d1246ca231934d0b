// The engine's worker: looks for an adapter, downloads the wasm with progress, and hands over to it.
//
// The worker's name selects the backend: "flex", "ndarray", "webgpu", or "webgpu any" if a software adapter is
// acceptable. With `?wasm=given` the page compiles the wasm and sends it in the first message, as `{ module }`. All
// other messages are those of src/protocol.rs.

const [backend, adapters] = self.name.split(" ");
// On a page of another origin, `self.location` is a blob: see spawn.js.
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

/** Throws if WebGPU has no adapter that the engine can use. */
async function requireAdapter() {
  if (!navigator.gpu) throw new EngineFailure("noWebGpu");
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new EngineFailure("noAdapter");
  const isSoftware = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
  if (isSoftware && adapters !== "any") throw new EngineFailure("softwareAdapter");
  // cubecl 0.11 cannot create its stream without timestamps.
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
    // In parallel: a request that waits for another one delays the first answer.
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
