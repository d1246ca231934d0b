// Serves the examples: node examples/serve.mjs [EXAMPLE]. Without a name, it serves all of them.
//
// PORT (4180) serves the pages, each with the package in the folder inkling-pad/ beside it. The next port serves only
// the package, like another host, with the header that lets other origins use it.

import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const widget = join(here, "../dist/widget");
const port = Number(process.env.PORT ?? 4180);

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
const ENCODINGS = { br: ".br", gzip: ".gz" };

/** Answers with a file, or with its compressed version if there is one, or with 404. */
async function sendFile(request, response, folder, path, headers = {}) {
  const file = join(folder, normalize(join("/", path)));
  const accepted = request.headers["accept-encoding"] ?? "";
  const encoding = Object.keys(ENCODINGS).find((name) => accepted.includes(name) && existsSync(file + ENCODINGS[name]));
  try {
    const body = await readFile(encoding ? file + ENCODINGS[encoding] : file);
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": body.length,
      // Files in a folder that is named after its contents never change.
      "cache-control": /\/[0-9a-f]{12}\//.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
      ...(encoding && { "content-encoding": encoding }),
      ...headers,
    });
    response.end(body);
  } catch {
    response.writeHead(404, { "content-type": "text/plain", ...headers }).end("not found");
  }
}

/** Returns the folder with an example's page. Builds it with Vite if the example uses Vite. */
async function prepare(name) {
  const root = join(here, name);
  if (!existsSync(join(root, "vite.config.js"))) return root;
  const { build } = await import("vite");
  await build({ root, base: "./", logLevel: "warn" });
  return join(root, "dist");
}

async function serve(names) {
  const folders = new Map();
  const answers = new Map();
  for (const name of names) {
    folders.set(name, await prepare(name));
    const server = join(here, name, "server.mjs");
    if (existsSync(server)) answers.set(name, (await import(pathToFileURL(server).href)).answer);
  }

  createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const [, name, rest] = path.match(/^\/([^/]*)\/(.*)$/) ?? [];
    if (await answers.get(name)?.(request, response)) return;
    const [, inWidget] = rest?.match(/^inkling-pad\/(.*)/) ?? [];
    if (inWidget && folders.has(name)) await sendFile(request, response, widget, inWidget);
    else await sendFile(request, response, folders.get(name) ?? here, folders.has(name) ? rest || "index.html" : "README.md");
  }).listen(port, "127.0.0.1");

  createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    await sendFile(request, response, widget, path, { "access-control-allow-origin": "*" });
  }).listen(port + 1, "127.0.0.1");

  for (const name of names) console.log(`http://127.0.0.1:${port}/${name}/`);
}

const entries = await readdir(here, { withFileTypes: true });
const all = entries.filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, "index.html"))).map(({ name }) => name);
const wanted = process.argv[2];
if (!existsSync(widget)) {
  console.error("dist/widget is missing: run make dist.");
  process.exitCode = 1;
} else if (wanted && !all.includes(wanted)) {
  console.error(`There is no example called ${wanted}. Available: ${all.join(", ")}.`);
  process.exitCode = 1;
} else {
  await serve(wanted ? [wanted] : all);
}
