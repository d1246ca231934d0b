// `make serve` and `trunk serve` in new clones, for their test and for scripts/first-run.mjs.

import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Clones this checkout's last commit into a scratch folder. */
export function newClone() {
  const clone = join(mkdtempSync(join(tmpdir(), "inkling-")), "inkling");
  execFileSync("git", ["clone", "--quiet", ROOT, clone]);
  return clone;
}

/** Removes what a clone's commit doesn't have. */
export function clean(clone) {
  execFileSync("git", ["-C", clone, "clean", "-xfdq"]);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A running `make serve` or `trunk serve`. */
export class Serving {
  said = "";
  #child;
  #clone;

  /** @param {(port: number) => string[]} command */
  static async start(clone, command, env = {}) {
    return new Serving(clone, command, await freePort(), env);
  }

  constructor(clone, command, port, env) {
    this.#clone = clone;
    this.url = `http://127.0.0.1:${port}/`;
    const [program, ...args] = command(port);
    // A process group of its own, as a terminal gives it.
    this.#child = spawn(program, args, { cwd: clone, env: { ...process.env, ...env }, detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on("data", (data) => (this.said += data));
  }

  /** Waits until a text has been printed. */
  async says(text, timeoutMs) {
    await this.#until(() => this.said.includes(text), timeoutMs, `says “${text}”`);
  }

  /** Waits until the server answers. */
  async answers(timeoutMs) {
    const isAnswering = () => fetch(this.url).then(({ ok }) => ok, () => false);
    await this.#until(isAnswering, timeoutMs, "answers");
  }

  async #until(isTrue, timeoutMs, what) {
    const last = () => `\n${this.said.slice(-4000)}`;
    for (const end = Date.now() + timeoutMs; !(await isTrue()); await sleep(100)) {
      if (this.#child.exitCode !== null) throw new Error(`It ended before it ${what}:${last()}`);
      if (Date.now() > end) throw new Error(`Nothing that ${what} after ${timeoutMs / 1000} s:${last()}`);
    }
  }

  /** Ends it as Ctrl-C does, and waits until nothing works in the clone any more. */
  async end() {
    if (this.#child.exitCode === null) process.kill(-this.#child.pid, "SIGINT");
    for (const end = Date.now() + 10_000; processesIn(this.#clone).length > 0; await sleep(100)) {
      if (Date.now() > end) throw new Error(`Still running: ${processesIn(this.#clone).join("; ")}`);
    }
  }
}

/** The command lines of all processes whose working folder is inside a folder. Empty where there is no /proc. */
export function processesIn(folder) {
  const read = (pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      if (cwd !== folder && !cwd.startsWith(folder + sep)) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")].filter(Boolean);
    } catch {
      return [];
    }
  };
  return process.platform === "linux" ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap(read) : [];
}

/** Changes the style and waits until the open page has it, without reloading it. */
export async function changeStyle(clone, page) {
  const value = `“${Date.now()}”`;
  appendFileSync(join(clone, "style/main.css"), `\nbody { --changed: ${value}; }\n`);
  const isThere = (value) => getComputedStyle(document.body).getPropertyValue("--changed").trim() === value;
  await page.waitForFunction(isThere, value, { timeout: 60_000 });
}

/** Changes a text of a component and waits until the open page shows it. */
export async function changeComponent(clone, page) {
  const file = join(clone, "src/app/mod.rs");
  const text = "Nothing you draw leaves this page";
  const source = readFileSync(file, "utf8");
  if (!source.includes(text)) throw new Error(`${file} doesn't say “${text}” any more`);
  const value = `It stays here: ${Date.now()}`;
  writeFileSync(file, source.replace(text, value));
  await page.getByText(value).waitFor({ timeout: 300_000 });
}

export function remove(clone) {
  rmSync(join(clone, ".."), { recursive: true, force: true });
}
