// Uses a shipped engine through its worker and its protocol, without the app's page.

import { readFileSync } from "node:fs";

export function manifest() {
  return JSON.parse(readFileSync("dist/weights/manifest.json", "utf8"));
}

/** The default network's entry in a manifest. */
export function defaultEntry({ models } = manifest()) {
  return models.find(({ id }) => id === "pen");
}

/**
 * Sends batches of images to a new worker, one after the other.
 *
 * @param page a page of the distribution
 * @param {"webgpu" | "flex" | "ndarray"} backend WebGPU may use a software adapter
 * @param {number[][]} batches the bytes of each batch, 784 per image
 * @returns {Promise<{logits: number[], ms: number}[]>} ten logits per image, and the round-trip time
 */
export function classify(page, backend, batches) {
  const entry = defaultEntry();
  return page.evaluate(inPage, { backend, entry, batches });
}

async function inPage({ backend, entry, batches }) {
  const worker = new Worker("engine-worker.js", { type: "module", name: `${backend} any` });
  const next = (type) =>
    new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data.message.type === type) resolve(data);
        else if (data.message.type !== "progress") reject(new Error(JSON.stringify(data.message)));
      };
    });
  const request = (message, buffer, answer) => {
    const answered = next(answer);
    worker.postMessage({ message, buffer }, [buffer]);
    return answered;
  };
  try {
    await next("ready");
    const weights = await (await fetch(`weights/${entry.file}`)).arrayBuffer();
    const { id: model, sha256, probe_logits: probeLogits } = entry;
    await request({ type: "load", model, sha256, probeLogits }, weights, "loaded");
    const answers = [];
    for (const [id, bytes] of batches.entries()) {
      const { buffer } = new Uint8Array(bytes);
      const started = performance.now();
      const answer = await request({ type: "classify", id }, buffer, "classified");
      const ms = performance.now() - started;
      answers.push({ logits: Array.from(new Float32Array(answer.buffer)), ms });
    }
    return answers;
  } finally {
    worker.terminate();
  }
}
