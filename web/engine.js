// Controls an engine's worker from plain JavaScript. Messages are those of src/protocol.rs.

/** Starts a worker. For a CPU engine, it also compiles the wasm while the worker starts. */
function spawn(backend, name) {
  // The GPU engine's wasm is downloaded by the worker, once it has an adapter.
  const isCpu = backend !== "webgpu";
  const at = (file) => new URL(file, import.meta.url);
  const wasm = isCpu ? WebAssembly.compileStreaming(fetch(at(`engine-${backend}_bg.wasm`))) : null;
  const worker = new Worker(at(`engine-worker.js${isCpu ? "?wasm=given" : ""}`), { type: "module", name });
  return { wasm, worker };
}

/** Returns the worker that the page started before this script loaded, if its name matches. */
function takeEarly(name) {
  const early = globalThis.inklingEarlyEngine;
  delete globalThis.inklingEarlyEngine;
  if (early?.name === name) return early;
  early?.worker.terminate();
  early?.wasm.catch(() => {});
  return null;
}

/** A running engine. It takes one request at a time. */
export class Engine {
  #worker;
  #waiting = null;
  /** A failed engine answers no more requests. */
  hasFailed = false;
  /** Called for each progress report while a network is being trained. */
  onLearning = null;

  /**
   * @param {"webgpu" | "flex" | "ndarray"} backend
   * @param {{anyAdapter?: boolean}} [options] anyAdapter: also accept a software adapter
   */
  constructor(backend, { anyAdapter = false } = {}) {
    const name = anyAdapter ? `${backend} any` : backend;
    const { wasm, worker } = takeEarly(name) ?? spawn(backend, name);
    this.#worker = worker;
    wasm?.then(
      (module) => this.#worker.postMessage({ module }),
      ({ message }) => {
        this.hasFailed = true;
        this.#settle(new Error(`the engine could not be fetched or compiled: ${message}`));
      },
    );
    this.#worker.onerror = (event) => {
      this.hasFailed = true;
      this.#settle(new Error(event.message || "the worker could not be started"));
    };
    this.#worker.onmessage = ({ data }) => {
      const { type, reason, message } = data.message;
      if (type === "progress" || type === "building") return;
      if (type === "learning") return this.onLearning?.(data.message);
      if (type === "failed") this.hasFailed = true;
      const failure = { failed: `${reason}: ${message}`, refused: message }[type];
      this.#settle(failure === undefined ? null : new Error(failure), data);
    };
    /** Resolves with `{ backend, device }` once the device is open. */
    this.ready = this.#next().then(({ message }) => message);
    // Callers that await it get the error. Without them, the browser should not report it.
    this.ready.catch(() => {});
  }

  /**
   * @param {object} message a `Request`
   * @param {ArrayBuffer} [buffer] transferred to the worker
   * @returns {Promise<{message: object, buffer?: ArrayBuffer}>} the `Reply`; it rejects on a refusal or a failure
   */
  request(message, buffer) {
    const answer = this.#next();
    this.#worker.postMessage({ message, buffer }, buffer ? [buffer] : []);
    return answer;
  }

  end() {
    this.#worker.terminate();
  }

  #next() {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #settle(error, data) {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (error) waiting?.reject(error);
    else waiting?.resolve(data);
  }
}

/** Returns the backend that the app would choose: WebGPU if it has a hardware adapter, else flex. */
export async function bestBackend() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  const isSoftware = adapter?.info?.isFallbackAdapter ?? adapter?.isFallbackAdapter;
  return adapter && !isSoftware && adapter.features.has("timestamp-query") ? "webgpu" : "flex";
}
