// Serves the made-up pages of the widget's tests: node server.mjs PORT
//
//   /page?html=…&headers={…}   that page with these headers; a form's POST is shown as text
//   /widget/…                  dist/widget, as on the page's own host
//   /isolated/widget/…         the same, with the header that a cross-origin isolated page needs for its workers

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const port = Number(process.argv[2]);
const TYPES = { ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

async function sendPage(request, response, query) {
  if (request.method === "POST") {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(200, { "content-type": "text/plain" }).end(body);
    return;
  }
  const headers = JSON.parse(query.get("headers") ?? "{}");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(query.get("html"));
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://host");
  if (pathname === "/page") return sendPage(request, response, searchParams);
  const [, isolated, path] = pathname.match(/^(\/isolated)?\/widget\/(.+)/) ?? [];
  try {
    const file = join("dist/widget", normalize(join("/", path)));
    const body = await readFile(file);
    const headers = isolated ? { "cross-origin-embedder-policy": "require-corp" } : {};
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers }).end(body);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found");
  }
}).listen(port, "127.0.0.1");
