// Measures how long teaching 20 drawings takes in a browser: steps, seconds, milliseconds per step.
// Usage: CHROMIUM=… node bench/teach.mjs [--rounds 3] [--backends flex,ndarray] [--models pen,tiny-bn]
//
// Writes target/bench/teach.json.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { ARGS } from "../playwright.config.mjs";
import { DIGITS } from "../tests/browser/inkling.mjs";

const { values: options } = parseArgs({
  options: {
    dist: { type: "string", default: "dist" },
    rounds: { type: "string", default: "3" },
    backends: { type: "string", default: "flex" },
    models: { type: "string", default: "pen,tiny-bn" },
  },
});
const FOLDER = join(process.env.CARGO_TARGET_DIR ?? "target", "bench");
const PORT = 4176;
const HOST = `http://127.0.0.1:${PORT}/`;

/** Two of each digit, the second a little to the right, as `data::pack` packs them; one in five is held back. */
const packed = [0, 1].flatMap((turn) =>
  DIGITS.flatMap((strokes, label) => [
    label,
    Number(turn === 1 && [2, 4, 7, 9].includes(label)),
    strokes.length,
    ...strokes.flatMap((points) => [
      points.length,
      ...points.flatMap(([x, y]) => [280 * (x + 0.04 * turn * y), 280 * y, 9]),
    ]),
  ]),
);

/** Runs in the page: teaches once, as the app requests it. */
async function teach({ backend, model, packed }) {
  const { Engine } = await import(new URL("engine.js", location.href));
  const engine = new Engine(backend, { anyAdapter: true });
  await engine.ready;
  const manifest = await (await fetch("weights/manifest.json")).json();
  const { file, sha256, probe_logits: probeLogits } = manifest.models.find(({ id }) => id === model);
  const bytes = async (url) => (await fetch(url)).arrayBuffer();
  await engine.request({ type: "load", model, sha256, probeLogits }, await bytes(`weights/${file}`));
  const { body } = await fetch("mnist/rehearsal.idx.gz.bin");
  const images = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  await engine.request({ type: "rehearse" }, images);
  let steps = 0;
  let nSteps = 0;
  let firstStep = 0;
  const started = performance.now();
  engine.onLearning = (message) => {
    steps = message.step;
    nSteps = message.nSteps;
    firstStep ||= performance.now() - started;
  };
  const request = { type: "teach", name: `${model}@1`, scope: "full" };
  const { message, buffer } = await engine.request(request, new Float32Array(packed).buffer);
  const seconds = (performance.now() - started) / 1000;
  engine.end();
  return { backend, model, steps, nSteps, kept: message.step, firstStep_ms: firstStep, seconds, bytes: buffer.byteLength };
}

/** CPU seconds of the page's processes so far, independent of other load on the machine. */
async function cpuSeconds(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
mkdirSync(FOLDER, { recursive: true });
const server = spawn(process.execPath, ["tests/browser/server.mjs", options.dist, String(PORT), "/"]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: [...ARGS, "--enable-unsafe-webgpu"] });
const rows = [];
try {
  const page = await browser.newPage();
  const session = await browser.newBrowserCDPSession();
  await page.goto(`${HOST}bench.html?backend=flex`);
  for (const backend of options.backends.split(",")) {
    for (const model of options.models.split(",")) {
      const rounds = [];
      for (let round = 0; round < Number(options.rounds); round++) {
        const before = await cpuSeconds(session);
        const taught = await page.evaluate(teach, { backend, model, packed });
        rounds.push({ ...taught, cpu_s: (await cpuSeconds(session)) - before });
      }
      const of = (key) => median(rounds.map((round) => round[key]));
      rows.push({ ...rounds[0], seconds: of("seconds"), cpu_s: of("cpu_s"), rounds });
    }
  }
} finally {
  await browser.close();
  server.kill();
}
console.log("| teaching 20 drawings | network | steps, of at most | s | ms per step | s for all steps | CPU, start included, s |");
console.log("|---|---|--:|--:|--:|--:|--:|");
for (const { backend, model, steps, nSteps, seconds, cpu_s } of rows) {
  const each = seconds / steps;
  console.log(
    `| ${backend} | ${model} | ${steps} of ${nSteps} | ${seconds.toFixed(1)} | ${(1000 * each).toFixed(0)} | ${(each * nSteps).toFixed(1)} | ${cpu_s.toFixed(1)} |`,
  );
}
writeFileSync(join(FOLDER, "teach.json"), JSON.stringify(rows, null, 1));
