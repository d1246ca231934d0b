// Prints the path of a Chrome or Chromium: the one that CHROMIUM names, otherwise an installed one. On Debian, as
// root, it installs one if there is none.

import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome.exe"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

function find() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES];
  return [process.env.CHROMIUM, ...candidates].filter(Boolean).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installOnDebian() {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).error) return;
  const quiet = { stdio: ["ignore", "ignore", "inherit"] };
  execFileSync("apt-get", ["update"], quiet);
  execFileSync("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], quiet);
}

let path = find();
if (!path) {
  installOnDebian();
  path = find();
}
if (!path) {
  console.error(
    "The browser tests need Chrome or Chromium. Install one (on Debian: apt-get install chromium), " +
      "or give its path: CHROMIUM=/path/to/chrome make test",
  );
  process.exit(1);
}
console.log(path);
