// Receives the form and shows its values. The pad is a field like any other, so the server needs no code for it.

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Answers a POST request. Returns whether it was one. */
export async function answer(request, response) {
  if (request.method !== "POST") return false;
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) {
      response.writeHead(413).end();
      return true;
    }
  }
  const rows = [...new URLSearchParams(body)].map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`);
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>What came</title><h1>What came</h1><dl>${rows.join("")}</dl><p><a href="">Back</a></p></html>`);
  return true;
}
