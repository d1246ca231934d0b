// Measures what a new user waits for: `make serve` in a new clone on a machine with rustup, Node.js, make and a C
// compiler, and with empty homes for cargo and npm. Usage: CHROMIUM=… node scripts/first-run.mjs [--all] [--test]
//
// --all waits for the engines that are built behind the page. --test adds `make test`, in another clone and with other
// empty homes.
// Prints a table in Markdown. Take figures from an idle machine.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { cpus, homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { ARGS } from "../playwright.config.mjs";
import { SEVEN, draw, expectDigit } from "../tests/browser/inkling.mjs";
import { Serving, changeComponent, changeStyle, newClone, remove } from "./serving.mjs";

const HOUR_MS = 3_600_000;
const { values: wanted } = parseArgs({ options: { all: { type: "boolean" }, test: { type: "boolean" } } });

const scratch = mkdtempSync(join(tmpdir(), "inkling-first-"));
const rows = [];

function row(what, milliseconds) {
  const seconds = milliseconds / 1000;
  const minutes = `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, "0")} s`;
  rows.push([what, seconds < 60 ? `${seconds.toFixed(1)} s` : minutes]);
  console.error(`${rows.at(-1).join(": ")}`);
}

async function timed(work) {
  const start = Date.now();
  await work();
  return Date.now() - start;
}

/** An environment in which cargo and npm have nothing yet. Of cargo's own programs only those of rustup are left. */
function emptyHomes(name) {
  const home = join(scratch, name);
  const programs = join(home, "programs");
  mkdirSync(programs, { recursive: true });
  const cargoBin = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
  const isRustup = (program) => /^(rustup|rustc|rustfmt|rustdoc|cargo|cargo-clippy|cargo-fmt|clippy-driver)(\.exe)?$/.test(program);
  for (const program of readdirSync(cargoBin).filter(isRustup)) symlinkSync(join(cargoBin, program), join(programs, program));
  const path = process.env.PATH.split(delimiter).filter((folder) => folder !== cargoBin);
  const env = { ...process.env, CARGO_HOME: join(home, "cargo"), npm_config_cache: join(home, "npm") };
  env.PATH = [programs, join(home, "cargo/bin"), ...path].join(delimiter);
  env.CARGO_TARGET_DIR = join(home, "target");
  return env;
}

async function measureServing(browser) {
  const env = emptyHomes("serve");
  const clone = newClone();
  const serve = () => Serving.start(clone, (port) => ["make", "serve", `ARGS=--port ${port}`], env);
  const page = await browser.newPage();
  const readADigit = async (serving) => {
    await serving.answers(HOUR_MS);
    await page.goto(serving.url);
    await draw(page, SEVEN);
    await expectDigit(page, 7);
  };

  const start = Date.now();
  let serving = await serve();
  await serving.says("Inkling will be at", HOUR_MS);
  const toolsMs = Date.now() - start;
  row("tools and packages", toolsMs);
  await readADigit(serving);
  const firstMs = Date.now() - start;
  row("a page that reads a digit, after that", firstMs - toolsMs);
  row("a page that reads a digit, in all", firstMs);
  if (wanted.all) {
    for (const part of ["engine-gpu", "engine-ndarray"]) {
      await serving.says(`${part} is ready`, HOUR_MS);
      row(`${part} behind it, in all`, Date.now() - start);
    }
  }
  await serving.end();

  const again = Date.now();
  serving = await serve();
  await serving.answers(HOUR_MS);
  row("second start, until it answers", Date.now() - again);
  await readADigit(serving);
  row("a changed component in the browser", await timed(() => changeComponent(clone, page)));
  row("a changed style in the browser", await timed(() => changeStyle(clone, page)));
  await serving.end();
  await page.close();
  remove(clone);
}

async function measureTest() {
  const env = emptyHomes("test");
  const clone = newClone();
  const ms = await timed(
    () =>
      new Promise((resolve, reject) => {
        const child = spawn("make", ["test"], { cwd: clone, env, stdio: ["ignore", 2, 2] });
        child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error("make test failed"))));
      }),
  );
  row("make test", ms);
  remove(clone);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGS });
try {
  await measureServing(browser);
  if (wanted.test) await measureTest();
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  console.log(`Of commit ${commit}, with nothing installed, ${cpus().length} cores:\n\n| | |\n|---|--:|`);
  for (const [what, time] of rows) console.log(`| ${what} | ${time} |`);
}
