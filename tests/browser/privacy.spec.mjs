// Nothing that a person draws ever leaves the page. Everything that the page, its workers and the service worker send
// goes through this test's proxy, which sees requests to any address.

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { expect, test } from "@playwright/test";
import { manifest } from "./engine.mjs";
import { DIGITS, SEVEN, draw, expectDigit, open, waitForEngine } from "./inkling.mjs";

const FILES = new Set(readdirSync("dist", { recursive: true }).map((name) => name.replaceAll("\\", "/")));
const ELSEWHERE = "http://192.0.2.1/";

/** Headers that browsers send by themselves. Any other header is suspect, and so is a cookie. */
const HEADERS =
  /^(accept|accept-encoding|accept-language|cache-control|connection|host|if-modified-since|if-none-match|origin|pragma|priority|proxy-connection|purpose|range|referer|sec-[a-z-]+|service-worker|upgrade-insecure-requests|user-agent)$/;

/** A browser context whose requests are all recorded in `sent` on their way to the server. */
async function watched(browser, baseURL) {
  const sent = [];
  const proxy = createServer(async (request, response) => {
    const body = (await request.toArray()).map(String).join("");
    const { method, url, headers } = request;
    sent.push({ method, url, headers, body });
    if (method !== "GET" || !url.startsWith(new URL(baseURL).origin)) return response.writeHead(403).end();
    const answer = await fetch(url);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type"), "cache-control": "no-cache" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  // WebSockets and https use CONNECT.
  proxy.on("connect", ({ method, url, headers }, socket) => {
    sent.push({ method, url, headers, body: "" });
    socket.on("error", () => {}).end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const server = `http://127.0.0.1:${proxy.address().port}`;
  const { viewport } = test.info().project.use;
  const context = await browser.newContext({
    baseURL,
    viewport,
    serviceWorkers: "allow",
    proxy: { server, bypass: "<-loopback>" },
  });
  await context.addInitScript(listenIn);
  const close = async () => {
    await context.close();
    proxy.closeAllConnections();
    proxy.close();
  };
  return { context, sent, close };
}

/** Records in the page what bypasses proxies, or is refused before it reaches one. */
function listenIn() {
  globalThis.attempts = [];
  const note = (name, call) =>
    new Proxy(call, {
      apply: (target, self, values) => (attempts.push(name), Reflect.apply(target, self, values)),
      construct: (target, values) => (attempts.push(name), Reflect.construct(target, values)),
    });
  const talk = ["RTCPeerConnection", "webkitRTCPeerConnection", "WebSocket", "EventSource", "WebTransport", "XMLHttpRequest", "open"];
  for (const name of talk) if (name in globalThis) globalThis[name] = note(name, globalThis[name]);
  const of = (object, name) => (object[name] = note(name, object[name]));
  of(Navigator.prototype, "sendBeacon");
  of(HTMLFormElement.prototype, "submit");
  of(HTMLFormElement.prototype, "requestSubmit");
  addEventListener("submit", () => attempts.push("form"), true);
}

/** What is wrong with a request, in a few words; empty if it only fetches a file of the distribution. */
function faults({ method, url, headers, body }, baseURL) {
  if (!url.startsWith(baseURL)) return [`${method} to elsewhere`];
  const { pathname, search } = new URL(url);
  const path = pathname.slice(new URL(baseURL).pathname.length) || "index.html";
  const referer = headers.referer ?? baseURL;
  return [
    method !== "GET" && method,
    body !== "" && "a body",
    search !== "" && "a query",
    !FILES.has(path) && "no file of the distribution",
    !(referer.startsWith(baseURL) && new URL(referer).search === "") && "a telling referer",
    ...Object.keys(headers).map((name) => !HEADERS.test(name) && `the header ${name}`),
  ].filter(Boolean);
}

const wrong = (sent, baseURL) =>
  sent.flatMap((request) => faults(request, baseURL).map((fault) => `${request.method} ${request.url}: ${fault}`));

/** Everything that a person can do with drawings. Each action starts where the one before ended. */
const ACTIONS = [
  [
    "drawing each digit",
    async (page) => {
      for (const strokes of DIGITS) {
        await draw(page, ...strokes);
        await expect(page.locator("#winner")).toHaveAttribute("data-digit", /^\d$/, { timeout: 60_000 });
        await page.locator("#clear").click();
      }
    },
  ],
  [
    "opening a picture",
    async (page) => {
      const base64 = await page.evaluate((points) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 200, height: 200 });
        const pen = canvas.getContext("2d");
        pen.fillStyle = "white";
        pen.fillRect(0, 0, 200, 200);
        pen.lineWidth = 16;
        for (const [x, y] of points) pen.lineTo(200 * x, 200 * y);
        pen.stroke();
        return canvas.toDataURL().split(",")[1];
      }, SEVEN);
      const file = { name: "my secret seven.png", mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
      await page.locator("#picture-input").setInputFiles(file);
      await expectDigit(page, 7);
      await page.locator("#back-to-drawing").click();
    },
  ],
  [
    "looking at the networks, and using another",
    async (page) => {
      await draw(page, SEVEN);
      await page.getByRole("link", { name: "Models" }).click();
      await page.locator("#sort-wrong").click();
      await page.locator("#to-tiny-bn").click();
      const latency = page.locator('[data-latency="tiny-bn"]').filter({ visible: true }).first();
      await latency.getByRole("button").click();
      await expect(latency).toHaveText(/ ms$/, { timeout: 60_000 });
      await page.locator(".mistakes").scrollIntoViewIfNeeded();
      await page.locator("#use-model").click();
      await page.getByRole("link", { name: "Draw", exact: true }).click();
      await expect(page.locator("#network-menu")).toHaveAttribute("data-reads", "tiny-bn", { timeout: 60_000 });
      await expectDigit(page, 7);
    },
  ],
  [
    "asking all networks",
    async (page) => {
      await page.locator(".votes .ask").click();
      await expect(page.locator(".ballot")).toHaveCount(manifest().models.length);
      await expect(page.locator(".ballot .vote-digit", { hasText: "–" })).toHaveCount(0, { timeout: 120_000 });
    },
  ],
  [
    "writing a number",
    async (page) => {
      await page.getByRole("link", { name: "Number" }).click();
      const placed = ([x, y], left) => [left + 0.25 * x, 0.12 + 0.76 * y];
      const strokes = (digit, left) => DIGITS[digit].map((stroke) => stroke.map((point) => placed(point, left)));
      await draw(page, ...strokes(1, 0.2), ...strokes(7, 0.5));
      await expect(page.locator("#number")).toHaveAttribute("data-number", "17", { timeout: 60_000 });
    },
  ],
  [
    "teaching digits and a symbol, and saving the results",
    async (page) => {
      await page.getByRole("link", { name: "Draw", exact: true }).click();
      await page.locator('.bar[data-digit="7"] .correct').click();
      await page.getByRole("link", { name: "Teach" }).click();
      for (const digit of [0, 1, 2, 3]) {
        await draw(page, ...DIGITS[digit]);
        await page.locator("#keep").click();
      }
      await page.locator("#teach").click();
      await expect(page.locator(".lesson")).toHaveAttribute("data-stage", "done", { timeout: 120_000 });
      page.once("dialog", (dialog) => dialog.accept("my secret sign"));
      await page.locator("#add-symbol").click();
      await draw(page, ...DIGITS[8], SEVEN);
      await page.locator("#keep").click();
      await expect(page.locator(".map .example")).toHaveCount(1, { timeout: 60_000 });
      for (const button of [page.locator("#export-samples"), page.locator(".hand button", { hasText: "Export" })]) {
        const download = page.waitForEvent("download");
        await button.click();
        await download;
      }
      await page.reload();
      await expect(page.locator(".thumb")).toHaveCount(6);
    },
  ],
  [
    "choosing another engine",
    async (page) => {
      await page.getByRole("link", { name: "Draw", exact: true }).click();
      await page.locator("#backend-menu").selectOption("ndarray");
      await waitForEngine(page, "ndarray");
      await expect(page.locator("#winner")).toHaveText(/./);
    },
  ],
];

test("whatever a person does, only files of the distribution are fetched", async ({ browser, baseURL }) => {
  test.setTimeout(400_000);
  const { context, sent, close } = await watched(browser, baseURL);
  const page = await context.newPage();
  await open(page);
  await waitForEngine(page, "flex");
  await page.evaluate(() => navigator.serviceWorker.ready);
  for (const [name, act] of ACTIONS) {
    await test.step(name, async () => {
      await act(page);
      expect(wrong(sent, baseURL), name).toEqual([]);
      expect(await page.evaluate(() => attempts), name).toEqual([]);
    });
  }
  // The page has no elements that make the browser contact anyone by other means, and sets no cookies.
  const leaks = "link[rel~=dns-prefetch], link[rel~=preconnect], a[ping], form[action], iframe, object, embed";
  expect(await page.locator(leaks).count()).toBe(0);
  expect(await page.evaluate(() => document.cookie)).toBe("");
  // Check again after leaving the page, since a beacon may wait for that.
  await page.goto("about:blank");
  expect(wrong(sent, baseURL)).toEqual([]);
  // The proxy saw the engines, the weights and the service worker.
  const fetched = new Set(sent.map(({ url }) => url.slice(baseURL.length)));
  for (const file of ["sw.js", "engine-flex_bg.wasm", "engine-ndarray_bg.wasm", "weights/report.json"]) expect(fetched).toContain(file);
  await close();
});

test("forbidden requests are detected, from the page and from a worker", async ({ browser, baseURL }) => {
  const { context, sent, close } = await watched(browser, baseURL);
  const page = await context.newPage();
  await open(page);
  await waitForEngine(page, "flex");
  await page.evaluate(async () => {
    await fetch("icon.svg", { method: "POST", body: "ink" });
    // Not yet cached by the service worker, which would otherwise answer itself.
    await fetch("weights/mistakes-pen.png?ink");
    await fetch("weights/mistakes-siamese.png", { headers: { "x-ink": "7" } });
    await fetch("no-such-file");
    navigator.sendBeacon("icon.svg", "beacon");
    new RTCPeerConnection().close();
  });
  await page.workers()[0].evaluate(async (elsewhere) => {
    await fetch("icon.svg", { method: "PUT", body: "ink" });
    await fetch(elsewhere, { mode: "no-cors" });
    await new Promise((resolve) => {
      new WebSocket(elsewhere.replace("http", "ws")).onclose = resolve;
    });
  }, ELSEWHERE);
  const icon = `${baseURL}icon.svg`;
  const expected = [
    `POST ${icon}: POST`,
    `POST ${icon}: a body`,
    `GET ${baseURL}weights/mistakes-pen.png?ink: a query`,
    `GET ${baseURL}weights/mistakes-siamese.png: the header x-ink`,
    `GET ${baseURL}no-such-file: no file of the distribution`,
    `PUT ${icon}: PUT`,
    `GET ${ELSEWHERE}: GET to elsewhere`,
    "CONNECT 192.0.2.1:80: CONNECT to elsewhere",
  ];
  await expect.poll(() => expected.filter((fault) => !wrong(sent, baseURL).includes(fault))).toEqual([]);
  expect(sent.map(({ body }) => body)).toContain("beacon");
  expect(await page.evaluate(() => attempts)).toEqual(["sendBeacon", "RTCPeerConnection"]);
  await close();
});

test("the policy keeps the page from contacting any other origin, by any means", async ({ browser, baseURL }) => {
  const { context, sent, close } = await watched(browser, baseURL);
  const page = await context.newPage();
  await open(page);
  const refused = await page.evaluate(async (elsewhere) => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => refused.push(effectiveDirective));
    const attempt = async (act) => {
      try {
        await act();
      } catch {
        // Refused immediately.
      }
    };
    const element = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields));
    await attempt(() => fetch(elsewhere));
    await attempt(() => fetch(elsewhere, { method: "POST", mode: "no-cors", body: "ink" }));
    await attempt(() => navigator.sendBeacon(elsewhere, "ink"));
    await attempt(() => new WebSocket(elsewhere.replace("http", "ws")));
    await attempt(() => new EventSource(elsewhere));
    await attempt(() => import(elsewhere));
    await attempt(() => new Worker(elsewhere));
    await attempt(() => element("img", { src: elsewhere }));
    await attempt(() => element("script", { src: elsewhere }));
    await attempt(() => element("iframe", { src: elsewhere }));
    await attempt(() => element("link", { rel: "stylesheet", href: elsewhere }));
    await attempt(() => element("link", { rel: "prefetch", href: elsewhere }));
    await attempt(() => element("audio", { src: elsewhere }));
    const form = Object.assign(document.createElement("form"), { action: elsewhere, method: "POST" });
    document.body.append(form);
    await attempt(() => form.submit());
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return refused;
  }, ELSEWHERE);
  const directives = ["connect-src", "script-src-elem", "img-src", "frame-src", "style-src-elem", "media-src", "form-action"];
  for (const directive of directives) expect(refused).toContain(directive);
  expect(sent.filter(({ url }) => !url.startsWith(baseURL))).toEqual([]);
  await close();
  const policy = readFileSync("dist/index.html", "utf8").match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1];
  const sources = policy.split("; ").flatMap((directive) => directive.split(" ").slice(1));
  const own = ["'none'", "'self'", "'wasm-unsafe-eval'", "blob:", "data:"];
  expect(sources.filter((source) => !own.includes(source))).toEqual([]);
});
