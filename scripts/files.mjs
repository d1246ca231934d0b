// Lists the files in a folder, for the scripts that make the distribution.

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Returns every file below a folder, as sorted paths with slashes. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
