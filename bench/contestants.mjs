// The contestants, in the order in which they take turns. The first one that answers provides the reference outputs.

export const CONTESTANTS = {
  "inkling-flex": "dist/bench.html?backend=flex",
  "tfjs-wasm": "tfjs-wasm/index.html",
  "ort-wasm": "ort-wasm/index.html",
  "tfjs-wasm-worker": "tfjs-wasm/in-worker.html",
  "ort-wasm-worker": "ort-wasm/in-worker.html",
  "tfjs-cpu": "tfjs-cpu/index.html",
  "inkling-ndarray": "dist/bench.html?backend=ndarray",
  "inkling-webgpu": "dist/bench.html?backend=webgpu",
  "ort-webgpu": "ort-webgpu/index.html",
  "tfjs-webgpu": "tfjs-webgpu/index.html",
  "tfjs-webgl": "tfjs-webgl/index.html",
};

const TRAINING = ["M2", "M1"].flatMap((model) =>
  ["full", "last"].flatMap((scope) =>
    Object.entries({ adam: 0.001, sgd: 0.01 }).map(([optimizer, lr]) => ({ model, scope, optimizer, lr })),
  ),
);

const of = (what) => ["M2", "M1", "M3"].map((model) => ({ key: `${what} ${model}`, what, model }));
const training = TRAINING.map((cfg) => ({
  ...cfg,
  key: `train ${cfg.model} ${cfg.scope} ${cfg.optimizer}`,
  what: "train",
}));

/** In the order in which a page runs them: M2, whose first training step comes before any other, then M1, then M3. */
export const MEASUREMENTS = [
  ...[...of("one"), ...of("batch"), { key: "test M2", what: "test", model: "M2" }, ...training],
].sort((a, b) => order(a) - order(b));

function order({ model, what }) {
  return ["M2", "M1", "M3"].indexOf(model) * 10 + ["one", "batch", "test", "train"].indexOf(what);
}

/** The measurements that `--quick` leaves out. */
export const SLOW = new Set([
  ...["one M3", "batch M1", "batch M3"],
  ...["train M2 full sgd", "train M2 last sgd", "train M1 full adam", "train M1 last adam"],
]);
