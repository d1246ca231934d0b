// For pages bundled by Vite: keeps the files that the pad loads later in one folder beside the script with the pad.

import { cpSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** scripts/build-widget.mjs fills in the folder's name. */
const ASSETS = "__ASSETS__";
const here = dirname(fileURLToPath(import.meta.url));

export default function inklingPad() {
  return {
    name: "inkling-pad",
    // A development server serves the package unchanged.
    config: () => ({ optimizeDeps: { exclude: ["inkling-pad"] } }),
    writeBundle({ dir }, bundle) {
      for (const { fileName, moduleIds = [] } of Object.values(bundle)) {
        if (!moduleIds.some((id) => normalize(id).startsWith(here))) continue;
        cpSync(join(here, ASSETS), join(dir, dirname(fileName), ASSETS), { recursive: true });
      }
    },
  };
}
