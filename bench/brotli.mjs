// The sizes of files with brotli at its best, cached by content, since ONNX Runtime's wasm takes half a minute.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

export class BrotliSizes {
  constructor(cache) {
    this.cache = cache;
    this.sizes = existsSync(cache) ? JSON.parse(readFileSync(cache, "utf8")) : {};
  }

  of(path) {
    const bytes = readFileSync(path);
    const key = createHash("sha256").update(bytes).digest("hex");
    if (!(key in this.sizes)) {
      this.sizes[key] = brotliCompressSync(bytes).length;
      writeFileSync(this.cache, JSON.stringify(this.sizes));
    }
    return this.sizes[key];
  }
}
