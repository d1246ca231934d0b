// Lets a harness measure the engine: window.bench runs any network made of the listed layers, with the app's own
// worker and protocol.
//
// When a person opens the page, it measures this browser by itself; see bench-report.js.

import { Engine, bestBackend } from "./engine.js";

const BACKENDS = ["webgpu", "flex", "ndarray"];
const N_PIXELS = 784;

const asked = new URLSearchParams(location.search).get("backend");

/** Starts at once, so that the engine is ready when a network arrives. */
let starting = start();

async function start() {
  if (asked !== null && !BACKENDS.includes(asked)) {
    throw new Error(`there is no backend called "${asked}"; available: ${BACKENDS.join(", ")}`);
  }
  const backend = asked ?? (await bestBackend());
  const engine = new Engine(backend, { anyAdapter: asked !== null });
  const { device } = await engine.ready;
  return { engine, running: { backend, adapter: device, threads: 1 }, readyMs: performance.now() };
}

async function engine() {
  return (await starting).engine;
}

/** Returns the running engine, after a restart if it has failed. */
async function revived() {
  const hasFailed = await starting.then(({ engine }) => engine.hasFailed, () => true);
  if (hasFailed) {
    starting = start();
    starting.catch(() => {});
  }
  return starting;
}

async function fetchBytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be fetched: the server answered ${response.status}`);
  return response.arrayBuffer();
}

/** Returns the logits of `n` inputs of 784 values. */
async function predict(x, n) {
  if (x.length !== n * N_PIXELS) throw new Error(`${n} inputs need ${n * N_PIXELS} values, but there are ${x.length}`);
  const { buffer } = await (await engine()).request({ type: "predict", id: 0 }, x.slice().buffer);
  return new Float32Array(buffer);
}

export const bench = {
  apiVersion: 1,
  name: `Inkling ${asked ?? "auto"}`,
  supports: { train: { optimizers: ["sgd", "adam"], scopes: ["full", "last"] } },

  async load({ layers, safetensorsUrl }) {
    const weights = fetchBytes(safetensorsUrl);
    // The await below gets the error, which may come before the engine is ready.
    weights.catch(() => {});
    const { engine, running } = await revived();
    await engine.request({ type: "build", layers }, await weights);
    return running;
  },

  predict: (x) => predict(x, 1),
  predictBatch: predict,

  async trainSetup({ optimizer, lr, scope }) {
    await (await engine()).request({ type: "trainSetup", optimizer, learningRate: lr, scope });
  },

  async trainStep(x, y, wantLoss) {
    const batch = new Uint8Array(x.byteLength + y.byteLength);
    batch.set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
    batch.set(y, x.byteLength);
    const { message } = await (await engine()).request({ type: "trainStep", n: y.length, wantLoss }, batch.buffer);
    return message.loss ?? undefined;
  },

  /** Loads one of the app's own networks. Also returns the time from page start until the engine was ready. */
  async loadOwn(id) {
    const manifest = await (await fetch("weights/manifest.json")).json();
    const { file, sha256, probe_logits: probeLogits } = manifest.models.find((model) => model.id === id) ?? manifest.models[0];
    const weights = await fetchBytes(`weights/${file}`);
    const { engine, running, readyMs } = await revived();
    await engine.request({ type: "load", model: id, sha256, probeLogits }, weights);
    return { ...running, readyMs };
  },
};

starting.catch(() => {});

/** The page's own measurement. It stops as soon as a harness calls. */
let own = null;

export function measureOwn(run) {
  const stop = new AbortController();
  own = { stop, done: run(stop.signal).finally(() => (own = null)) };
  return own.done;
}

const asHarness =
  (call) =>
  async (...args) => {
    isHarness = true;
    own?.stop.abort();
    await own?.done.catch(() => {});
    return call(...args);
  };

/** Whether a harness has called. */
export let isHarness = false;

window.bench = Object.fromEntries(
  Object.entries(bench).map(([name, value]) => [name, typeof value === "function" ? asHarness(value) : value]),
);
