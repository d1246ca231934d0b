// Builds the parts that Trunk leaves out while `trunk serve` runs: at the lowest priority, after each of Trunk's
// builds. Ends with Trunk.
// Usage: node scripts/build-parts.mjs DIST TRUNK_PID

import { rmSync, statSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KEPT, PARTS, build, isAlive, publish, standIn } from "./parts.mjs";

const [dist, trunk] = [process.argv[2], Number(process.argv[3])];
/** A build that takes longer than this compiles something, so the kept part is out of date. */
const CURRENT_MS = 3000;

let running = null;

function end() {
  try {
    if (running?.exitCode === null) process.kill(-running.pid);
  } catch {
    // It has just ended by itself.
  }
  rmSync(join(KEPT, `builder-${trunk}`), { force: true });
  process.exit();
}

async function refresh(part) {
  const script = join(KEPT, `${part.name}.js`);
  const outdated = setTimeout(() => {
    console.log(`Inkling: building ${part.name} behind the page…`);
    standIn(part);
    publish(dist);
  }, CURRENT_MS);
  const before = statSync(script).mtimeMs;
  try {
    await build(part, KEPT, (child) => (running = child));
    if (statSync(script).mtimeMs !== before) console.log(`Inkling: ${part.name} is ready.`);
  } catch (error) {
    console.error(`Inkling: ${error.message}.`);
    standIn(part, "not-built");
  }
  clearTimeout(outdated);
  publish(dist);
}

setPriority(19);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
setInterval(() => isAlive(trunk) || end(), 500);

let seen = 0;
for (;;) {
  const woken = statSync(join(KEPT, "wake")).mtimeMs;
  if (woken > seen) {
    seen = woken;
    // Trunk puts its build in place after the hook that woke this one.
    await sleep(1000);
    for (const part of PARTS) await refresh(part);
  }
  await sleep(500);
}
