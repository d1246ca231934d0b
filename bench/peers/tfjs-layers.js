// Builds a network in the form that is fastest for TensorFlow.js: channels last, batch norm folded into the
// convolution before it (as the TensorFlow.js converter does), bias and ReLU fused into convolutions and matrix
// products.

import * as tf from "@tensorflow/tfjs-core";

/**
 * Steps in order: { op: "conv" | "linear", pad, relu, weight, bias }, { op: "maxpool", k }, { op: "relu" } or
 * { op: "flatten" }.
 */
export function compile(spec, tensors) {
  const steps = [];
  let shape = spec.input;
  spec.layers.forEach((layer, index) => {
    const values = (name) => tensors[`layers.${index}.${name}`]?.values;
    const last = steps.at(-1);
    if (layer.op === "conv") {
      const bias = values("bias") ?? new Float32Array(layer.out);
      steps.push({ op: "conv", pad: layer.pad, weight: channelsLast(values("weight"), layer), bias, of: layer });
      const side = (length) => length + 2 * layer.pad - layer.k + 1;
      shape = [layer.out, side(shape[1]), side(shape[2])];
    } else if (layer.op === "bn") {
      if (last?.op !== "conv" || last.relu) throw new Error("a batch norm without a convolution before it");
      fold(last, layer, values);
    } else if (layer.op === "relu") {
      if (last?.weight && !last.relu) last.relu = true;
      else steps.push({ op: "relu" });
    } else if (layer.op === "maxpool") {
      steps.push({ op: "maxpool", k: layer.k });
      shape = [shape[0], Math.floor(shape[1] / layer.k), Math.floor(shape[2] / layer.k)];
    } else if (layer.op === "flatten") {
      steps.push({ op: "flatten" });
    } else if (layer.op === "linear") {
      steps.push({
        op: "linear",
        weight: inputsFirst(values("weight"), layer, shape),
        bias: values("bias"),
        of: layer,
      });
      shape = [layer.out, 1, 1];
    }
  });
  return steps.map(onDevice);
}

/** The output of `steps` for images `x`, [n, height, width, channels], or for the output of earlier steps. */
export function forward(steps, x) {
  return steps.reduce((value, step) => apply(step, value), x);
}

function apply(step, x) {
  const { weight, bias } = step;
  const activation = step.relu ? "relu" : "linear";
  switch (step.op) {
    case "conv":
      return tf.fused.conv2d({ x, filter: weight, strides: 1, pad: step.pad, bias, activation });
    case "linear":
      if (x.shape.length > 2) x = tf.reshape(x, [x.shape[0], -1]);
      return tf.fused.matMul({ a: x, b: weight, bias, activation });
    case "maxpool":
      return tf.maxPool(x, step.k, step.k, "valid");
    case "relu":
      return tf.relu(x);
    case "flatten":
      return tf.reshape(x, [x.shape[0], -1]);
  }
}

function onDevice({ of, ...step }) {
  if (!step.weight) return step;
  const shape = step.op === "conv" ? [of.k, of.k, of.in, of.out] : [of.in, of.out];
  return { ...step, weight: tf.tensor(step.weight, shape), bias: tf.tensor(step.bias, [of.out]) };
}

/** [out, in, kh, kw] as [kh, kw, in, out]. */
function channelsLast(weight, { in: nIn, out: nOut, k }) {
  const moved = new Float32Array(weight.length);
  for (let o = 0, from = 0; o < nOut; o++) {
    for (let i = 0; i < nIn; i++) {
      for (let at = 0; at < k * k; at++) moved[(at * nIn + i) * nOut + o] = weight[from++];
    }
  }
  return moved;
}

/** [out, in] as [in, out]; if the inputs are an image with channels first, reorders them to channels last. */
function inputsFirst(weight, { in: nIn, out: nOut }, shape) {
  const area = shape[1] * shape[2];
  const channels = nIn / area;
  const moved = new Float32Array(weight.length);
  for (let c = 0; c < channels; c++) {
    for (let at = 0; at < area; at++) {
      const to = (at * channels + c) * nOut;
      for (let o = 0; o < nOut; o++) moved[to + o] = weight[o * nIn + c * area + at];
    }
  }
  return moved;
}

function fold(conv, { c, eps }, values) {
  const [scale, shift, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(values);
  const factors = scale.map((value, o) => value / Math.sqrt(variance[o] + eps));
  conv.weight = conv.weight.map((value, at) => value * factors[at % c]);
  conv.bias = conv.bias.map((value, o) => (value - mean[o]) * factors[o] + shift[o]);
  conv.folded = true;
}
