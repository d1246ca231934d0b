// Compares ours with the peers: the same networks, weights and digits in the same Chromium, in turns.
// Usage: CHROMIUM=… node bench/run.mjs [--rounds 5] [--only inkling-flex,tfjs-wasm] [--quick] [--isolated]
//
// Each contestant is a page with the interface `window.bench`. Writes target/bench/results.json and results.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { ARGS } from "../playwright.config.mjs";
import { BrotliSizes } from "./brotli.mjs";
import { CONTESTANTS, MEASUREMENTS, SLOW } from "./contestants.mjs";
import { peakMemory } from "./memory.mjs";
import { NETWORKS, spec } from "./networks.mjs";
import { ContestantPage, TooLate, oneLine } from "./page.mjs";
import { report } from "./report.mjs";
import { buildSite } from "./site.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    isolated: { type: "boolean", default: false },
  },
});
const ROUNDS = Number(options.rounds ?? (options.quick ? 1 : 5));
const NAMES = options.only ? options.only.split(",") : Object.keys(CONTESTANTS);
for (const name of NAMES) {
  if (!(name in CONTESTANTS)) {
    throw new Error(`${name} isn't a contestant. Available: ${Object.keys(CONTESTANTS).join(", ")}`);
  }
}

/** The time limit of a measurement in one round, and the total after which a slow one stops. */
const BOX_S = options.quick ? 0.3 : 0.6;
const ENOUGH_S = options.quick ? 2 : 5;
/** Ten thousand digits may take longer. */
const TEST_BOX_S = options.quick ? 1 : 4;
/** How many digits are used to compare outputs. */
const N_COMPARED = 100;
const PORT = 4174;
// Not at the root, since every page must work from any sub-path.
const BASE = "/some/where/";
const HOST = `http://127.0.0.1:${PORT}${BASE}`;
const FOLDER = join(process.env.CARGO_TARGET_DIR ?? "target", "bench");
const SITE = join(FOLDER, "site");

const specs = Object.fromEntries(
  NETWORKS.map((model) => [model, { ...spec(model), safetensorsUrl: `${HOST}networks/${model}.safetensors` }]),
);

/** Runs one contestant for one round. */
async function turn(browser, name, result) {
  const round = {};
  result.rounds.push(round);
  // An error stays until a later round succeeds.
  const failed = (key, error) => (result.errors[key] = oneLine(error));
  const image = [...readFileSync(join(SITE, "digits.bin")).subarray(0, 784)];
  const open = () => ContestantPage.open(browser, HOST, CONTESTANTS[name], specs.M2, image);
  let page;
  try {
    page = await open();
  } catch (error) {
    return failed("start", error);
  }
  const { runs, name: title, ...times } = page.cold;
  Object.assign(round, times);
  Object.assign(result, { runs, title, files: page.firstFiles });

  for (const measurement of MEASUREMENTS) {
    const { key, what, model } = measurement;
    if ((options.quick && SLOW.has(key)) || result.spent_s[key] > ENOUGH_S) continue;
    let started = performance.now();
    try {
      page ??= await open();
      await page.load(specs[model]);
      if (!(model in result.logits)) result.logits[model] = await page.call("logits", N_COMPARED);
      started = performance.now();
      const box = what === "test" ? TEST_BOX_S : BOX_S;
      round[key] = what === "train" ? await page.call("train", measurement, box) : await page.call(what, box);
    } catch (error) {
      failed(key, error);
      if (error instanceof TooLate || page?.complaints.includes("the page crashed")) {
        await page?.close();
        page = null;
      }
    }
    result.spent_s[key] = (result.spent_s[key] ?? 0) + (performance.now() - started) / 1000;
  }
  round.memory_mb = await peakMemory(browser);
  await page?.close();
}

/** Starts what a browser starts only once, so that no cold start includes it. Returns what is available. */
async function warmUp(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${HOST}blank.html`);
  const machine = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    await adapter?.requestDevice();
    const gl = document.createElement("canvas").getContext("webgl2");
    const renderer = gl?.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL;
    return {
      webgpu: adapter
        ? [adapter.info.vendor, adapter.info.architecture, adapter.info.description].join(" ").trim()
        : null,
      webgl: gl ? gl.getParameter(renderer ?? gl.RENDERER) : null,
      isolated: crossOriginIsolated,
    };
  });
  const empty_page_mb = await peakMemory(browser);
  await context.close();
  return { ...machine, empty_page_mb };
}

/** The largest difference of each network's logits from those of the first contestant that has any. */
function compare(contestants) {
  for (const model of NETWORKS) {
    const reference = Object.values(contestants).find(({ logits }) => logits[model])?.logits[model];
    for (const result of Object.values(contestants)) {
      const logits = result.logits[model];
      if (logits) result.difference[model] = Math.max(...logits.map((value, i) => Math.abs(value - reference[i])));
    }
  }
  for (const result of Object.values(contestants)) delete result.logits;
}

/** Bytes before the first answer; weights are counted separately, since all contestants share them. */
function countBytes(contestants) {
  const brotli = new BrotliSizes(join(FOLDER, "brotli.json"));
  for (const result of Object.values(contestants)) {
    if (!result.files) continue;
    const sizes = Object.fromEntries(result.files.map((file) => [file, brotli.of(join(SITE, file || "index.html"))]));
    result.files = sizes;
    const sum = (wanted) => Object.entries(sizes).reduce((all, [file, size]) => all + (wanted(file) ? size : 0), 0);
    const isWeights = (file) => file.startsWith("networks/");
    result.bytes = { code: sum((file) => !isWeights(file)), weights: sum(isWeights) };
  }
}

function versions() {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  return Object.fromEntries(Object.entries(devDependencies).filter(([name]) => /tfjs|onnx/.test(name)));
}

mkdirSync(FOLDER, { recursive: true });
const trained = await buildSite(SITE, FOLDER);
const headers = options.isolated ? ["isolated"] : [];
const server = spawn(process.execPath, ["tests/browser/server.mjs", SITE, String(PORT), BASE, ...headers]);
const contestants = Object.fromEntries(
  NAMES.map((name) => [name, { rounds: [], errors: {}, spent_s: {}, logits: {}, difference: {} }]),
);
const results = {
  date: new Date().toISOString(),
  rounds: ROUNDS,
  quick: options.quick,
  machine: {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 1e9),
    platform: process.platform,
  },
  versions: versions(),
  networks: Object.fromEntries(
    NETWORKS.map((model) => [model, { params: specs[model].params, trained: trained[model] }]),
  ),
  contestants,
};
try {
  for (let round = 0; round < ROUNDS; round++) {
    // A new browser for each round, since compiled shaders outlive a context.
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: [...ARGS, "--enable-unsafe-webgpu"],
    });
    try {
      Object.assign(results.machine, { chromium: browser.version(), ...(await warmUp(browser)) });
      for (const name of NAMES) {
        const started = performance.now();
        await turn(browser, name, contestants[name]);
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        console.error(`round ${round + 1} of ${ROUNDS}: ${name} ${seconds} s`);
      }
    } finally {
      await browser.close();
    }
  }
} finally {
  server.kill();
  await once(server, "exit");
}
// Above 2, other programs were busy too, so treat the figures with care.
results.machine.load = loadavg();
compare(contestants);
countBytes(contestants);
writeFileSync(join(FOLDER, "results.json"), JSON.stringify(results, null, 2));
const text = report(results);
writeFileSync(join(FOLDER, "results.md"), text);
console.log(text);
