// Networks other than the default one: switching, votes, latency, and the check on the test digits.

import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { expect, test } from "@playwright/test";
import { manifest } from "./engine.mjs";
import { SEVEN, draw, expectDigit, expectStrokes, open, waitForEngine } from "./inkling.mjs";

const { models } = manifest();
const smallest = models.reduce((a, b) => (a.bytes < b.bytes ? a : b));
/** The networks other than the default one, smallest first. */
const others = models.filter(({ id }) => id !== "pen").sort((a, b) => a.bytes - b.bytes);
const [other] = others;

test.beforeEach(() => test.skip(others.length < 2, "the manifest has no other networks"));

const menu = (page) => page.locator("#network-menu");
const ask = (page) => page.locator(".votes .ask");
const notice = (page) => page.locator("#notice");
const seen = (page, name, id) => page.locator(`[data-${name}="${id}"]`).filter({ visible: true }).first();

async function expectReadBy(page, id) {
  await expect(menu(page)).toHaveAttribute("data-reads", id, { timeout: 60_000 });
}

/** The page of one network, or the table of all. */
async function openModels(page, id = "") {
  await page.evaluate((id) => (location.hash = id ? `models/${id}` : "models"), id);
}

const probabilities = (page) =>
  page.locator(".bar").evaluateAll((bars) => bars.map((bar) => bar.dataset.probability).join());

for (const backend of ["flex", "ndarray"]) {
  test(`another network reads the same drawing on ${backend}`, async ({ page }) => {
    await open(page, `?backend=${backend}`);
    await expectReadBy(page, "pen");
    await draw(page, SEVEN);
    await expectDigit(page, 7);
    const before = await probabilities(page);
    await menu(page).selectOption(other.id);
    await expectReadBy(page, other.id);
    await expect.poll(() => probabilities(page)).not.toBe(before);
    await expectStrokes(page, 1);
    expect(new URL(page.url()).searchParams.get("model")).toBe(other.id);

    await page.reload();
    await expectReadBy(page, other.id);
    await expect(menu(page)).toHaveValue(other.id);
    await menu(page).selectOption("pen");
    await expectReadBy(page, "pen");
    expect(new URL(page.url()).searchParams.has("model")).toBe(false);
  });
}

test("a worker that is started again reads with the chosen network", async ({ page }) => {
  await open(page, `?backend=flex&model=${other.id}`);
  await expectReadBy(page, other.id);
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error("out of cheese");
    });
  });
  await expect(page.locator("#notice-title")).toContainText("stopped unexpectedly");
  await expectReadBy(page, other.id);
});

test("an unknown network in the address is named, and the default one reads", async ({ page }) => {
  await open(page, "?backend=flex&model=oracle");
  await draw(page, SEVEN);
  await expect(notice(page)).toContainText("“oracle”");
  await expect(notice(page)).toContainText(other.id);
  await expectReadBy(page, "pen");
  await expectDigit(page, 7);
});

test("broken weights of a chosen network leave the one in use, and it can be tried again", async ({ page }) => {
  const body = readFileSync(`dist/weights/${other.file}`);
  body[body.length - 5] ^= 1;
  await page.route(`**/${other.file}`, (route) => route.fulfill({ body }));
  await open(page, "?backend=flex");
  await expectReadBy(page, "pen");
  await menu(page).selectOption(other.id);
  await expect(notice(page)).toContainText("checksum");
  await expect(notice(page)).toContainText("pen is used instead");
  await expect(menu(page)).toHaveValue("pen");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await page.unroute(`**/${other.file}`);
  await page.locator("#retry").click();
  await expectReadBy(page, other.id);
  await expect(notice(page)).toBeHidden();
});

test("weights whose results differ from native ones leave the other network in use", async ({ page }) => {
  const changed = manifest();
  changed.models.find(({ id }) => id === other.id).probe_logits[3] += 1;
  await page.route("**/weights/manifest.json", (route) => route.fulfill({ json: changed }));
  await open(page, "?backend=flex");
  await expectReadBy(page, "pen");
  await menu(page).selectOption(other.id);
  await expect(notice(page)).toContainText("Self-test");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await expectReadBy(page, "pen");
});

test("while weights arrive, the network in use reads and the page shows the progress", async ({ page }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(`**/${other.file}`, async (route) => {
    await held;
    await route.continue();
  });
  await open(page, "?backend=flex");
  await expectReadBy(page, "pen");
  await menu(page).selectOption(other.id);
  await expect(page.locator("#switching")).toContainText(`Loading ${other.id}`);
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await expectReadBy(page, "pen");
  release();
  await expectReadBy(page, other.id);
  await expect(page.locator("#switching")).toBeEmpty();
});

test("all networks vote on the drawing, and again when it changes", async ({ page }) => {
  await open(page, "?backend=flex");
  await expectReadBy(page, "pen");
  await expect(page.locator(".tally")).toContainText(/[kM]B to download/);
  const pad = await page.locator("#pad").boundingBox();
  await ask(page).click();
  await expect(page.locator(".tally")).toContainText("Draw a digit");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await expect(page.locator(".ballot .vote-digit").filter({ hasText: /^\d$/ })).toHaveCount(models.length);
  await expect(page.locator(".tally")).toContainText("read 7");
  expect(await page.locator("#pad").boundingBox(), "the pad must not move").toEqual(pad);
  const first = page.locator(".ballot", { hasText: /^pen\d/ });
  const sure = Math.round(parseFloat(await page.locator("#confidence").textContent()));
  await expect(first).toContainText(`${sure}%`);
  await page.locator("#clear").click();
  await expect(page.locator(".tally")).toContainText("Draw a digit");
  await ask(page).click();
  await expect(ask(page)).toHaveText("Ask all networks");
  await expect(page.locator(".tally")).toBeHidden();
});

test("a network that cannot be fetched does not keep the others from voting", async ({ page }) => {
  await page.route(`**/${other.file}`, (route) => route.fulfill({ status: 404, body: "" }));
  await open(page, "?backend=flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await ask(page).click();
  const votes = page.locator(".ballot .vote-digit").filter({ hasText: /^\d$/ });
  await expect(votes).toHaveCount(models.length - 1);
  await expect(page.locator(".votes .trouble")).toContainText(`${other.id}: `);
  await expect(page.locator(".votes .trouble")).toContainText("404");
  await page.unroute(`**/${other.file}`);
  await page.locator(".votes .trouble button").click();
  await expect(votes).toHaveCount(models.length);
});

test("a crash of the examiner does not affect the pen", async ({ page }) => {
  test.setTimeout(90_000);
  await open(page, "?backend=flex");
  await expectReadBy(page, "pen");
  await draw(page, SEVEN);
  await ask(page).click();
  // An examiner that has nothing left to do is not restarted.
  await expect(page.locator(".ballot .vote-digit", { hasText: "–" })).toHaveCount(0, { timeout: 60_000 });
  await page.workers()[1].evaluate(() => {
    setTimeout(() => {
      throw new Error("out of cheese");
    });
  });
  await expect.poll(() => page.workers().length).toBe(1);
  await draw(page, [[0.95, 0.95], [0.96, 0.96]]);
  await page.locator("#undo").click();
  await expectDigit(page, 7);
  await expect(notice(page)).toBeHidden();
});

test("latency is measured in this browser", async ({ page }) => {
  await open(page, "?backend=flex");
  await expectReadBy(page, "pen");
  await openModels(page);
  await seen(page, "latency", other.id).getByRole("button").click();
  await expect(seen(page, "latency", other.id)).toHaveText(/^\d+(\.\d+)? ms$/);
  await expect(seen(page, "latency", "pen").getByRole("button")).toBeVisible();
});

for (const [id, backend] of [
  [smallest.id, "flex"],
  [smallest.id, "ndarray"],
  ["pen", "flex"],
]) {
  test(`${id} reads the test digits on ${backend} as the manifest says`, async ({ page }) => {
    const { correct } = models.find((model) => model.id === id).test;
    await open(page, `?backend=${backend}`);
    await waitForEngine(page, backend);
    await openModels(page, id);
    await seen(page, "check", id).getByRole("button").click();
    await expect(seen(page, "check", id)).toHaveAttribute("data-stage", "over", { timeout: 90_000 });
    const text = `${correct.toLocaleString("en")} of 10,000 correct, as the manifest says.`;
    await expect(seen(page, "check", id)).toContainText(text);
  });
}

test("a check can be cancelled and restarted", async ({ page }) => {
  await open(page, "?backend=ndarray");
  await waitForEngine(page, "ndarray");
  await openModels(page, "pen");
  const check = seen(page, "check", "pen");
  await check.getByRole("button").click();
  await expect(check).toContainText(/[1-9][\d,]* of 10,000 read, [\d,]+ correct, [\d,]+ images\/s/);
  await check.getByRole("button", { name: "Cancel" }).click();
  await expect(check).toHaveAttribute("data-stage", "idle", { timeout: 1000 });
  await check.getByRole("button").click();
  await expect(check).toContainText(/[1-9][\d,]* of 10,000 read/);
});

test("damaged test digits are reported", async ({ page }) => {
  await page.route("**/mnist/*", (route) => route.fulfill({ body: "<!doctype html>" }));
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await openModels(page, other.id);
  await seen(page, "check", other.id).getByRole("button").click();
  await expect(seen(page, "check", other.id)).toContainText("damaged");
  await page.unroute("**/mnist/*");
  await seen(page, "check", other.id).getByRole("button").click();
  await expect(seen(page, "check", other.id)).toContainText("as the manifest says", { timeout: 90_000 });
});

/** A host that counts its requests, and whose files can be changed. */
async function countingHost() {
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
  types[".wasm"] = "application/wasm";
  const asked = [];
  const changed = new Map();
  const server = createServer(async ({ url }, response) => {
    const path = new URL(url, "http://host").pathname.slice(1) || "index.html";
    asked.push(path);
    try {
      const body = changed.get(path) ?? (await readFile(join("dist", path)));
      const type = types[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "content-length": body.length, "cache-control": "no-cache" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const times = (file) => asked.filter((path) => path === file).length;
  return { url: `http://127.0.0.1:${server.address().port}/`, asked, changed, times, close: () => server.close() };
}

test("each file of weights is fetched at most once, by this version and the next", async ({ browser }) => {
  const host = await countingHost();
  const context = await browser.newContext({ serviceWorkers: "allow" });
  const page = await context.newPage();
  try {
    await page.goto(`${host.url}?backend=flex`);
    await expectReadBy(page, "pen");
    expect(models.map(({ file }) => host.times(`weights/${file}`)).filter((n) => n > 0)).toEqual([1]);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await expectReadBy(page, "pen");
    for (const id of [other.id, "pen", other.id, others[1].id]) {
      await menu(page).selectOption(id);
      await expectReadBy(page, id);
    }
    await draw(page, SEVEN);
    await ask(page).click();
    await expect(page.locator(".ballot .vote-digit").filter({ hasText: /^\d$/ })).toHaveCount(models.length);
    await openModels(page, smallest.id);
    await seen(page, "check", smallest.id).getByRole("button").click();
    await expect(seen(page, "check", smallest.id)).toContainText("as the manifest says", { timeout: 90_000 });
    await page.goto(host.url);
    await expectReadBy(page, "pen");
    await ask(page).click();
        await draw(page, SEVEN);
    await expect(page.locator(".ballot .vote-digit").filter({ hasText: /^\d$/ })).toHaveCount(models.length);
    const counts = () => Object.fromEntries(models.map(({ id, file }) => [id, host.times(`weights/${file}`)]));
    const once = Object.fromEntries(models.map(({ id }) => [id, 1]));
    expect(counts()).toEqual(once);
    expect(host.times("mnist/test-digits.idx.gz.bin")).toBe(1);

    // A new version of the page with the same weights.
    const icon = Buffer.concat([await readFile("dist/icon.svg"), Buffer.from("\n")]);
    const sum = createHash("sha256").update(icon).digest("hex");
    const source = (await readFile("dist/sw.js", "utf8"))
      .replace(/const VERSION = "\w+"/, 'const VERSION = "next"')
      .replace(/"icon.svg":"\w+"/, `"icon.svg":"${sum}"`);
    host.changed.set("icon.svg", icon).set("sw.js", Buffer.from(source));
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    const waits = () => navigator.serviceWorker.ready.then(({ waiting }) => waiting !== null);
    await expect.poll(() => page.evaluate(waits), { timeout: 60_000 }).toBe(true);
    // It takes over once no page of the old version is open.
    await page.goto("about:blank");
    await page.goto(host.url);
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 60_000 }).toBe(1);
    await expectReadBy(page, "pen");
    host.asked.length = 0;
    await ask(page).click();
    await draw(page, SEVEN);
    await expect(page.locator(".ballot .vote-digit").filter({ hasText: /^\d$/ })).toHaveCount(models.length);
    expect(host.asked.filter((path) => path.startsWith("weights/") && path !== "weights/manifest.json")).toEqual([]);
  } finally {
    await context.close();
    host.close();
  }
});
