// Reads a safetensors file of float32 tensors, in a page or in Node.

/** `{ name: { shape, values } }` */
export function readSafetensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (dtype !== "F32") throw new Error(`${name} is ${dtype}, not F32`);
    // A copy, since the values may not start at a multiple of four bytes.
    const copy = new Uint8Array(bytes.subarray(start + data_offsets[0], start + data_offsets[1]));
    const values = new Float32Array(copy.buffer);
    tensors[name] = { shape, values };
  }
  return tensors;
}

export async function fetchSafetensors(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return readSafetensors(new Uint8Array(await response.arrayBuffer()));
}
