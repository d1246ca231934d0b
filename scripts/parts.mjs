// The wasm that Trunk leaves out, since the first answer doesn't need it: how each part is built, and where
// `trunk serve` keeps it.

import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGET = "wasm32-unknown-unknown";
const TARGET_DIR = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/**
 * In the order in which the development server builds them, with the profiles of a release. Cargo locks the folder of
 * a profile, so the page, which has another one, never waits for them, and `make dist` finds them built.
 */
export const PARTS = [
  { name: "catalogue", features: "catalogue", profile: "page" },
  { name: "reader", features: "reader", profile: "page" },
  { name: "engine-gpu", features: "gpu,worker", profile: "engine" },
  { name: "engine-ndarray", features: "ndarray,worker", profile: "engine" },
];

/** Where scripts and wasm are kept for `trunk serve`, since Trunk empties its own folder at each build. */
export const KEPT = join(ROOT, "node_modules/.cache/inkling");

/** Runs a command. Rejects unless it succeeds. */
function run(command, args, onStart) {
  const child = spawn(command, args, { cwd: ROOT, stdio: "inherit", detached: Boolean(onStart) });
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed for ${args.at(-1)}`))));
  });
}

/**
 * Builds a part and writes its script and its wasm into a folder, unless they are there and up to date.
 *
 * @param {(child: import("node:child_process").ChildProcess) => void} [onStart] called with each command, which then
 *   has a process group of its own, so that all of it can be ended
 */
export async function build({ name, features, profile }, folder, onStart) {
  await run("cargo", ["build", "--target", TARGET, "--profile", profile, "--features", features, "--bin", name], onStart);
  const wasm = join(TARGET_DIR, TARGET, profile, `${name}.wasm`);
  const made = join(folder, `${name}_bg.wasm`);
  if (existsSync(made) && statSync(made).mtimeMs >= statSync(wasm).mtimeMs) return;
  await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", folder, "--out-name", name, wasm], onStart);
}

/** Puts a stand-in in the place of a part that isn't built. */
export function standIn({ name }, script = "stand-in") {
  mkdirSync(KEPT, { recursive: true });
  rmSync(join(KEPT, `${name}_bg.wasm`), { force: true });
  copyFileSync(join(ROOT, `web/${script}.js`), join(KEPT, `${name}.js`));
}

/** Copies what is kept into the folder that is served. A script comes after its wasm. */
export function publish(folder) {
  const files = readdirSync(KEPT).filter((name) => /\.(js|wasm)$/.test(name));
  for (const file of files.sort().reverse()) copyFileSync(join(KEPT, file), join(folder, file));
}

export function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
