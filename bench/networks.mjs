// The networks of networks.json, which native benchmarks also use, and their weights as safetensors and as ONNX.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onnxModel } from "./onnx.mjs";
import { readSafetensors } from "./peers/safetensors.js";

const LAYERS = JSON.parse(readFileSync(new URL("networks.json", import.meta.url), "utf8"));

export const NETWORKS = Object.keys(LAYERS);

/** The argument of `bench.load`, without the address of the weights. */
export function spec(model) {
  const layers = LAYERS[model];
  const params = layers
    .flatMap(parameters)
    .reduce((sum, { name, shape }) => sum + (isTrained(name) ? size(shape) : 0), 0);
  return { model, input: [1, 28, 28], params, layers };
}

/**
 * Writes each network's `.safetensors` and `.onnx` into `folder`. Uses weights from `trained`, such as
 * `M2.trained.safetensors`, or else random ones. Returns which are trained.
 */
export function writeNetworks(folder, trained) {
  mkdirSync(folder, { recursive: true });
  const isTrained = {};
  for (const model of NETWORKS) {
    const path = join(trained, `${model}.trained.safetensors`);
    isTrained[model] = existsSync(path);
    const bytes = isTrained[model] ? readFileSync(path) : safetensors(randomWeights(LAYERS[model]));
    writeFileSync(join(folder, `${model}.safetensors`), bytes);
    writeFileSync(join(folder, `${model}.onnx`), onnxModel(spec(model), readSafetensors(bytes)));
  }
  return isTrained;
}

/** The tensors of one layer in PyTorch's layouts. */
function parameters(layer, index) {
  const named = (name, shape) => ({ name: `layers.${index}.${name}`, shape });
  if (layer.op === "conv") {
    const bias = layer.bias ? [named("bias", [layer.out])] : [];
    return [named("weight", [layer.out, layer.in, layer.k, layer.k]), ...bias];
  }
  if (layer.op === "bn") return ["weight", "bias", "running_mean", "running_var"].map((name) => named(name, [layer.c]));
  if (layer.op === "linear") return [named("weight", [layer.out, layer.in]), named("bias", [layer.out])];
  return [];
}

const isTrained = (name) => !name.includes("running_");
const size = (shape) => shape.reduce((a, b) => a * b, 1);

/** PyTorch's own initial weights; batch norms as if they had seen data, so that omitting one would be noticed. */
function randomWeights(layers) {
  const random = mulberry32(1998);
  return layers.flatMap((layer, index) => {
    const fanIn = layer.in * (layer.k ?? 1) ** 2;
    const ranges = { running_mean: [-0.2, 0.2], running_var: [0.5, 1.5] };
    if (layer.op === "bn") Object.assign(ranges, { weight: [1, 1], bias: [0, 0] });
    return parameters(layer, index).map(({ name, shape }) => {
      const [low, high] = ranges[name.split(".").at(-1)] ?? [-1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn)];
      return { name, shape, values: Float32Array.from({ length: size(shape) }, () => low + (high - low) * random()) };
    });
  });
}

function safetensors(tensors) {
  const header = {};
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // The values start at a multiple of eight bytes.
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...tensors.map(({ values }) => Buffer.from(values.buffer))]);
}

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
