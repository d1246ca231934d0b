// Writes a network as an ONNX file, with any batch size. Encodes the few messages that this needs field by field, with
// the numbers from onnx.proto.

const OPSET = 17;
const IR_VERSION = 8;
const FLOAT = 1;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 };

/** `tensors` by name, as `readSafetensors` returns them. Input `x` is [n, 1, 28, 28], output `logits` [n, 10]. */
export function onnxModel({ model, input, layers }, tensors) {
  const nodes = [];
  let last = "x";
  layers.forEach((layer, index) => {
    const of = (...names) => names.map((name) => `layers.${index}.${name}`).filter((name) => name in tensors);
    const output = index === layers.length - 1 ? "logits" : `y${index}`;
    const [op, weights, attributes] = operator(layer, of);
    nodes.push(node(op, [last, ...weights], output, attributes));
    last = output;
  });
  const graph = [
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, model),
    ...Object.entries(tensors).map(([name, tensor]) => field(5, initializer(name, tensor))),
    field(11, valueInfo("x", ["n", ...input])),
    field(12, valueInfo("logits", ["n", 10])),
  ];
  const opset = [field(1, ""), field(2, OPSET)];
  return Buffer.concat([field(1, IR_VERSION), field(2, "inkling"), field(7, graph), field(8, opset)]);
}

function operator(layer, of) {
  switch (layer.op) {
    case "conv":
      return ["Conv", of("weight", "bias"), { kernel_shape: [layer.k, layer.k], pads: Array(4).fill(layer.pad) }];
    case "bn":
      return ["BatchNormalization", of("weight", "bias", "running_mean", "running_var"), { epsilon: layer.eps }];
    case "relu":
      return ["Relu", [], {}];
    case "maxpool":
      return ["MaxPool", [], { kernel_shape: [layer.k, layer.k], strides: [layer.k, layer.k] }];
    case "flatten":
      return ["Flatten", [], {}];
    case "linear":
      return ["Gemm", of("weight", "bias"), { transB: 1 }];
  }
  throw new Error(`no ONNX operator for ${layer.op}`);
}

function node(op, inputs, output, attributes) {
  return [
    ...inputs.map((name) => field(1, name)),
    field(2, output),
    field(3, output),
    field(4, op),
    ...Object.entries(attributes).map(([name, value]) => field(5, [field(1, name), ...attribute(name, value)])),
  ];
}

function attribute(name, value) {
  if (Array.isArray(value)) return [...value.map((int) => field(8, int)), field(20, ATTRIBUTE.ints)];
  if (name !== "epsilon") return [field(3, value), field(20, ATTRIBUTE.int)];
  const float = Buffer.alloc(5, (2 << 3) | 5);
  float.writeFloatLE(value, 1);
  return [float, field(20, ATTRIBUTE.float)];
}

function initializer(name, { shape, values }) {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return [...shape.map((length) => field(1, length)), field(2, FLOAT), field(8, name), field(9, bytes)];
}

function valueInfo(name, dimensions) {
  const shape = dimensions.map((length) => field(1, [field(typeof length === "string" ? 2 : 1, length)]));
  const tensorType = [field(1, FLOAT), field(2, shape)];
  return [field(1, name), field(2, [field(1, tensorType)])];
}

/** One field: a varint for a number, otherwise a length followed by a string, bytes or a message's fields. */
function field(number, value) {
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
