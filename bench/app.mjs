// Measures what a person waits for on the drawing page: bytes, the pad, and the first answer to a stroke.
// Usage: CHROMIUM=… node bench/app.mjs [--rounds 5]
//
// Writes target/bench/app.json.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { ARGS } from "../playwright.config.mjs";
import { BrotliSizes } from "./brotli.mjs";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const FOLDER = join(process.env.CARGO_TARGET_DIR ?? "target", "bench");
const PORT = 4175;
const HOST = `http://127.0.0.1:${PORT}/`;
const BACKENDS = ["flex", "ndarray", "webgpu"];

mkdirSync(FOLDER, { recursive: true });
const brotli = new BrotliSizes(join(FOLDER, "brotli.json"));

/** One visit with an empty cache: draws a stroke as soon as the pad appears, and waits for the answer. */
async function visit(browser, backend) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  const fetched = new Set();
  page.on("response", (response) => {
    if (response.url().startsWith(HOST)) fetched.add(new URL(response.url()).pathname.slice(1) || "index.html");
  });
  const started = performance.now();
  await page.goto(`${HOST}?backend=${backend}`);
  await page.locator("#pad").waitFor();
  const pad_ms = performance.now() - started;
  const box = await page.locator("#pad").boundingBox();
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height * 0.8, { steps: 4 });
  await page.mouse.up();
  await page.locator('#winner[data-digit="1"]').waitFor({ timeout: 120_000 });
  const first_answer_ms = performance.now() - started;
  await context.close();
  return { pad_ms, first_answer_ms, bytes: [...fetched].reduce((sum, path) => sum + brotli.of(`dist/${path}`), 0) };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const server = spawn(process.execPath, ["tests/browser/server.mjs", "dist", String(PORT), "/"]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: [...ARGS, "--enable-unsafe-webgpu"] });
const visits = Object.fromEntries(BACKENDS.map((backend) => [backend, []]));
try {
  // The first visit starts Chromium's own processes and isn't counted.
  await visit(browser, BACKENDS[0]);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const backend of BACKENDS) visits[backend].push(await visit(browser, backend));
  }
} finally {
  await browser.close();
  server.kill();
}
console.log("| drawing page | download, MB brotli | pad ready, ms | first answer, ms |\n|---|--:|--:|--:|");
for (const backend of BACKENDS) {
  const of = (key) => median(visits[backend].map((visit) => visit[key]));
  console.log(`| ${backend} | ${(of("bytes") / 1e6).toFixed(2)} | ${of("pad_ms").toFixed(0)} | ${of("first_answer_ms").toFixed(0)} |`);
}
writeFileSync(join(FOLDER, "app.json"), JSON.stringify(visits, null, 1));
