// What lies in a folder, for the scripts that make the distribution.

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Every file below a folder, as paths with slashes, sorted. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
