// Trunk runs this after each build. It bundles the element and adds the parts that Trunk leaves out. A release build
// waits for them. `trunk serve` takes those that are built already, and scripts/build-parts.mjs builds the others.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundlePad } from "./bundle-pad.mjs";
import { KEPT, PARTS, build, isAlive, publish, standIn } from "./parts.mjs";

const { TRUNK_DIST_DIR: dist, TRUNK_PROFILE: profile, TRUNK_STAGING_DIR: staging } = process.env;

bundlePad(staging, { "inkling-pad": "index.ts" }, "./");

if (profile === "release") {
  for (const part of PARTS) await build(part, staging);
} else {
  for (const part of PARTS) if (!existsSync(join(KEPT, `${part.name}.js`))) standIn(part);
  publish(staging);
  wakeBuilder();
}

/** Tells the builder of this Trunk that the sources may have changed, and starts it unless it runs. */
function wakeBuilder() {
  writeFileSync(join(KEPT, "wake"), "");
  const running = join(KEPT, `builder-${process.ppid}`);
  if (existsSync(running) && isAlive(Number(readFileSync(running, "utf8")))) return;
  const script = fileURLToPath(new URL("./build-parts.mjs", import.meta.url));
  const builder = spawn(process.execPath, [script, dist, String(process.ppid)], { stdio: "inherit", detached: true });
  writeFileSync(running, String(builder.pid));
  builder.unref();
}
