// What a person waits for, in the browser and through the shipped worker: bytes to the first answer, cold
// start, and one image's latency with read-back. Usage: CHROMIUM=… node scripts/bench.mjs [rounds]
//
// Prints a table and writes target/bench.json.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { ARGS } from "../playwright.config.mjs";
import { classify } from "../tests/browser/engine.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
/** Images a round; fewer where one takes a quarter of a second. */
const N_WARM = { flex: 200, ndarray: 200, webgpu: 20 };
/** Answers that do not count, since the browser still compiles. */
const N_COLD = 10;
const PORT = 4174;
const URL_ = `http://127.0.0.1:${PORT}/`;

/** Measures one fresh page: everything that it fetches, and what its worker answers. */
async function measure(browser, backend) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  const fetched = new Set();
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname.slice(1) || "index.html";
    if (response.ok() && response.url().startsWith(URL_)) fetched.add(path);
  });
  const started = performance.now();
  await page.goto(`${URL_}?backend=${backend}`);
  await page.locator("#pad").waitFor();
  const painted = performance.now() - started;
  const box = await page.locator("#pad").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 4 });
  await page.mouse.up();
  await page.locator('#winner[data-digit="1"]').waitFor({ timeout: 120_000 });
  const answered = performance.now() - started;
  const running = await page.locator("#backend").getAttribute("data-backend");
  if (running !== backend) throw new Error(`${backend} was asked for, ${running} runs`);
  const bytes = [...fetched].reduce((sum, path) => sum + brotli(path), 0);

  const image = (id) => Array.from({ length: 784 }, (_, i) => (i * (id + 7)) % 256);
  const answers = await classify(page, backend, Array.from({ length: N_WARM[backend] + N_COLD }, (_, id) => image(id)));
  const latencies = answers.slice(N_COLD).map(({ ms }) => ms);
  await context.close();
  return { bytes, painted, answered, latencies };
}

const brotliSizes = new Map();
function brotli(path) {
  if (!brotliSizes.has(path)) brotliSizes.set(path, brotliCompressSync(readFileSync(`dist/${path}`)).length);
  return brotliSizes.get(path);
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * q)];
}

const server = spawn(process.execPath, ["tests/browser/server.mjs", "dist", String(PORT), "/"]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: [...ARGS, "--enable-unsafe-webgpu"] });
const results = { flex: [], ndarray: [], webgpu: [] };
try {
  // In turns, so that whatever else the machine does falls on all alike.
  for (let round = 0; round < ROUNDS; round++) {
    for (const backend of Object.keys(results)) results[backend].push(await measure(browser, backend));
  }
} finally {
  await browser.close();
  server.kill();
}

const rows = Object.entries(results).map(([backend, rounds]) => {
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    backend,
    bytes: quantile(rounds.map((round) => round.bytes), 0.5),
    pad_ms: quantile(rounds.map((round) => round.painted), 0.5),
    first_answer_ms: quantile(rounds.map((round) => round.answered), 0.5),
    p50_ms: quantile(latencies, 0.5),
    p95_ms: quantile(latencies, 0.95),
  };
});
const base = rows[0];
console.log(`${cpus().length} × ${cpus()[0].model}, ${ROUNDS} rounds, medians; one image is a warm round trip to the worker\n`);
console.log("backend   MB (brotli)   pad there   first answer   one image p50 / p95   against flex");
for (const row of rows) {
  console.log(
    `${row.backend.padEnd(9)} ${(row.bytes / 1e6).toFixed(2).padStart(11)} ${row.pad_ms.toFixed(0).padStart(8)} ms` +
      ` ${row.first_answer_ms.toFixed(0).padStart(11)} ms ${row.p50_ms.toFixed(2).padStart(9)} / ${row.p95_ms.toFixed(2)} ms` +
      ` ${(row.p50_ms / base.p50_ms).toFixed(2).padStart(12)}×`,
  );
}
mkdirSync("target", { recursive: true });
writeFileSync("target/bench.json", JSON.stringify({ rounds: ROUNDS, rows }, null, 2));
