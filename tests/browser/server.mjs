// A plain static host: node server.mjs FOLDER PORT BASE [isolated]

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const [folder, port, base, isolated] = process.argv.slice(2);

// A page needs these for threads in wasm and for a finer clock.
const ISOLATION = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

createServer(async (request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  const below = path.startsWith(base) ? path.slice(base.length) : "..";
  const file = normalize(below || "index.html");
  try {
    if (file.startsWith("..")) throw new Error("outside");
    const body = await readFile(join(folder, file));
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const headers = { "content-type": type, "content-length": body.length, "cache-control": "no-cache" };
    response.writeHead(200, isolated === "isolated" ? { ...headers, ...ISOLATION } : headers);
    response.end(body);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" });
    response.end("not found");
  }
}).listen(Number(port), "127.0.0.1");
