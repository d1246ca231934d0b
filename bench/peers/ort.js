// ONNX Runtime Web as a contestant: `window.bench` on one execution provider. It cannot train.

/** `ort` is the official bundle with the provider; it looks for its wasm in its own folder. */
export function start(ort, provider) {
  ort.env.wasm.numThreads = 1;
  let session;
  let shape;

  async function logits(x, n) {
    const { logits } = await session.run({ x: new ort.Tensor("float32", x, [n, ...shape]) });
    const values = await logits.getData();
    logits.dispose();
    return values;
  }

  window.bench = {
    apiVersion: 1,
    name: `ONNX Runtime Web ${ort.env.versions.web} ${provider}`,
    supports: { train: null },

    async load(spec) {
      await session?.release();
      shape = spec.input;
      // The driver wrote the same weights as ONNX next to the safetensors.
      const url = spec.safetensorsUrl.replace(/\.safetensors$/, ".onnx");
      session = await ort.InferenceSession.create(url, { executionProviders: [provider] });
      return { backend: provider, threads: ort.env.wasm.numThreads };
    },

    predict: (x) => logits(x, 1),
    predictBatch: logits,
  };
}
