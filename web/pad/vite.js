// For pages that Vite bundles: what the pad loads later stays one folder beside the script that has the pad in it.

import { cpSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** scripts/build-widget.mjs fills in the folder's name. */
const ASSETS = "__ASSETS__";
const here = dirname(fileURLToPath(import.meta.url));

export default function inklingPad() {
  return {
    name: "inkling-pad",
    // A development server hands the package out as it lies.
    config: () => ({ optimizeDeps: { exclude: ["inkling-pad"] } }),
    writeBundle({ dir }, bundle) {
      for (const { fileName, moduleIds = [] } of Object.values(bundle)) {
        if (!moduleIds.some((id) => normalize(id).startsWith(here))) continue;
        cpSync(join(here, ASSETS), join(dir, dirname(fileName), ASSETS), { recursive: true });
      }
    },
  };
}
