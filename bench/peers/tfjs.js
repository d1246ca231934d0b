// TensorFlow.js as a contestant: `window.bench` on one backend, which the entry (tfjs-wasm.js, …) has registered.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { compile, forward } from "./tfjs-layers.js";
import { fetchSafetensors } from "./safetensors.js";

const CLASSES = 10;

export function start(backend) {
  // The backend starts while the weights are fetched.
  const ready = tf.setBackend(backend).then(() => tf.ready());
  let shape;
  let steps = [];
  let trained = null;

  function images(x, n) {
    const [channels, height, width] = shape;
    return tf.tensor(x, [n, height, width, channels], "float32");
  }

  async function logits(x, n) {
    const output = tf.tidy(() => forward(trained?.steps ?? steps, images(x, n)));
    const values = await output.data();
    output.dispose();
    return values;
  }

  function endTraining() {
    trained?.optimizer.dispose();
    for (const variable of trained?.variables ?? []) variable.dispose();
    trained = null;
  }

  window.bench = {
    apiVersion: 1,
    name: `TensorFlow.js ${tf.version_core} ${backend}`,
    supports: { train: { models: ["M1", "M2"], optimizers: ["sgd", "adam"], scopes: ["full", "last"] } },

    async load(spec) {
      const [tensors] = await Promise.all([fetchSafetensors(spec.safetensorsUrl), ready]);
      endTraining();
      for (const { weight, bias } of steps) tf.dispose([weight, bias].filter(Boolean));
      shape = spec.input;
      steps = compile(spec, tensors);
      return { backend: tf.getBackend(), threads: 1, adapter: tf.backend().adapterInfo?.description };
    },

    predict: (x) => logits(x, 1),
    predictBatch: logits,

    async trainSetup({ optimizer, lr, scope }) {
      endTraining();
      if (steps.some((step) => step.folded)) throw new Error("training batch norm is not supported here");
      // The index of the first step whose weights are trained; earlier steps stay off the tape.
      const first = scope === "last" ? steps.findLastIndex((step) => step.weight) : 0;
      const variables = [];
      const variable = (tensor) => variables[variables.push(tf.variable(tensor)) - 1];
      const own = steps.map((step, index) =>
        step.weight && index >= first ? { ...step, weight: variable(step.weight), bias: variable(step.bias) } : step,
      );
      const made = optimizer === "adam" ? new tf.AdamOptimizer(lr, 0.9, 0.999, 1e-8) : new tf.SGDOptimizer(lr);
      trained = { steps: own, first, variables, optimizer: made };
    },

    async trainStep(x, y, wantLoss) {
      const { first, variables, optimizer } = trained;
      const loss = tf.tidy(() => {
        const features = forward(trained.steps.slice(0, first), images(x, y.length));
        const targets = tf.tensor(oneHot(y), [y.length, CLASSES]);
        const cost = () =>
          tf.losses.softmaxCrossEntropy(
            targets,
            forward(trained.steps.slice(first), features),
            undefined,
            0,
            tf.Reduction.MEAN,
          );
        return optimizer.minimize(cost, wantLoss, variables) ?? [];
      });
      if (!wantLoss) return;
      const [value] = await loss.data();
      loss.dispose();
      return value;
    },
  };
}

function oneHot(labels) {
  const targets = new Float32Array(labels.length * CLASSES);
  labels.forEach((label, index) => (targets[index * CLASSES + label] = 1));
  return targets;
}
