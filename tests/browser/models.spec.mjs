// The pages about networks: the comparison, each network in depth, navigation, and failures.

import AxeBuilder from "@axe-core/playwright";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { manifest } from "./engine.mjs";
import { SEVEN, draw, expectDigit, expectStrokes, open, waitForEngine } from "./inkling.mjs";

const REPORT = "**/weights/report.json";
const FIXTURES = "tests/browser/fixtures";

// The report beside the weights, if there is one. In the fixture, only tiny-bn's figures come from a real run; the
// others are made up.
const isReal = existsSync("dist/weights/report.json");
const folder = isReal ? "dist/weights" : FIXTURES;
const text = readFileSync(`${folder}/report.json`, "utf8");
const { models } = JSON.parse(text);
const ids = models.map((model) => model.id);
const model = (id) => models.find((model) => model.id === id);

test.beforeEach(async ({ page }) => {
  if (isReal) return;
  await page.route(REPORT, (route) => route.fulfill({ body: text, contentType: "application/json" }));
  await page.route("**/weights/mistakes-*.png", (route) => {
    route.fulfill({ path: `${FIXTURES}/${new URL(route.request().url()).pathname.split("/").pop()}` });
  });
});

const rows = (page) => page.locator(".comparison tbody tr");
const shownIds = (page) => rows(page).evaluateAll((all) => all.map((row) => row.dataset.model));
const wrong = (id) => 10_000 - model(id).exported.test.correct;

async function openModels(page, path = "") {
  await page.goto(`./#models${path}`);
  await expect(page.locator("#models-heading")).toBeVisible();
}

test("every network of the manifest has a row with its figures", async ({ page }) => {
  await openModels(page);
  await expect(rows(page)).toHaveCount(models.length);
  for (const entry of manifest().models) {
    const row = page.locator(`tr[data-model="${entry.id}"]`);
    await expect(row).toContainText(`${(100 * entry.test.accuracy).toFixed(2)}\u00a0%`);
    await expect(row).toContainText(entry.parameters.toLocaleString("en"));
    await expect(row).toContainText(model(entry.id).source.claimed);
  }
  await expect(page.locator(".sizes a.mark")).toHaveCount(models.length);
});

test("columns sort the rows, and say so", async ({ page }) => {
  await openModels(page);
  await expect.poll(() => shownIds(page)).toEqual(ids);
  const button = page.locator("#sort-wrong");
  await button.focus();
  await page.keyboard.press("Enter");
  const errors = ids.map(wrong).sort((a, b) => a - b);
  await expect.poll(async () => (await shownIds(page)).map(wrong)).toEqual(errors);
  await expect(page.locator("th", { has: button })).toHaveAttribute("aria-sort", "ascending");
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  errors.reverse();
  await expect.poll(async () => (await shownIds(page)).map(wrong)).toEqual(errors);
  await page.locator("#sort-name").click();
  await expect.poll(() => shownIds(page)).toEqual([...ids].sort());
  await expect(page.locator("th[aria-sort=ascending]")).toHaveCount(1);
});

test("the chart takes multiply-adds as well", async ({ page }) => {
  await openModels(page);
  await expect(page.locator(".sizes .unit").first()).toHaveText("parameters");
  await page.locator("#by-operations").click();
  await expect(page.locator(".sizes .unit").first()).toHaveText("multiply-adds per image");
  await expect(page.locator("#by-operations")).toHaveAttribute("aria-pressed", "true");
});

test("a network is shown in depth", async ({ page }) => {
  await openModels(page);
  await page.locator("#to-tiny-bn").click();
  await expect(page.locator("#models-heading")).toHaveText("tiny-bn");
  await expect(page).toHaveTitle("Inkling: tiny-bn");
  const { exported, layers, source, best } = model("tiny-bn");
  await expect(page.locator(".figures")).toContainText(`${(100 * exported.test.accuracy).toFixed(2)}\u00a0%`);
  await expect(page.locator(".source")).toContainText(source.claimed);
  await expect(page.locator("path.validation.strong")).toHaveCount(2);
  await expect(page.locator("path.validation.faint")).toHaveCount(2 * (best.runs.length - 1));
  const cells = page.locator(".confusion tbody td");
  expect(await cells.evaluateAll((all) => all.map((cell) => Number(cell.textContent)))).toEqual(exported.confusion.flat());
  await expect(page.locator(".by-digit li")).toHaveCount(10);
  await expect(page.locator(".reliability circle.bin")).toHaveCount(exported.calibration.filter(([, , n]) => n > 0).length);
  await expect(page.locator(".layers tbody tr")).toHaveCount(layers.length + 1);
  const { file } = manifest().models.find((entry) => entry.id === "tiny-bn");
  const download = page.waitForEvent("download");
  await page.locator("#weights").click();
  expect((await download).suggestedFilename()).toBe(file);
});

test("mistakes are pictures of test images, each with what was read", async ({ page }) => {
  await openModels(page, "/tiny-bn");
  const { mistakes } = model("tiny-bn").exported;
  const tiles = page.locator(".mistakes li");
  await expect(tiles).toHaveCount(mistakes.length);
  await expect(tiles.first()).toContainText(`${mistakes[0].label} → ${mistakes[0].read}`);
  await expect(tiles.first()).toHaveAttribute("title", `test image ${mistakes[0].index.toLocaleString("en")}`);
  // The page's Content-Security-Policy allows them, and they can be decoded.
  await tiles.first().scrollIntoViewIfNeeded();
  const size = await page.evaluate(async () => {
    const { href } = document.querySelector(".mistakes image");
    const image = new Image();
    image.src = href.baseVal;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  expect(size).toEqual([28 * mistakes.length, 28]);
});

test("both recipes of a network can be looked at", async ({ page }) => {
  const { id, best, source_recipe } = models.find((model) => model.best && model.source_recipe) ?? {};
  test.skip(!id, "the report has no such network");
  await openModels(page, `/${id}`);
  const seeds = page.locator("section", { has: page.locator("#our-recipe") }).locator("tbody th");
  await expect(seeds).toHaveText(best.runs.map((run) => String(run.seed)));
  await page.locator("#source-recipe").click();
  await expect(page.locator("#source-recipe")).toBeFocused();
  await expect(seeds).toHaveText(source_recipe.runs.map((run) => String(run.seed)));
});

test("examples per class are compared for an embedding network", async ({ page }) => {
  const { id, few_shot } = models.find((model) => model.few_shot) ?? {};
  test.skip(!id, "the report has no such network");
  await openModels(page, `/${id}`);
  const section = page.locator("section", { has: page.getByText("A few examples") });
  await expect(section.locator("tbody tr")).toHaveCount(few_shot.accuracies.length);
});

test("an embedding network says how well it tells apart symbols that it has never seen", async ({ page }) => {
  const { id, few_shot } = models.find((model) => model.few_shot?.characters) ?? {};
  test.skip(!id, "the report has no such network");
  await openModels(page, `/${id}`);
  const section = page.locator("section", { has: page.getByText("Symbols it has never seen") });
  const { across, within } = few_shot.characters;
  await expect(section.locator("tbody tr")).toHaveCount(across.length + within.length);
});

test("back leads to the row that was left, and the title follows", async ({ page }) => {
  await openModels(page);
  await page.locator("#sort-wrong").click();
  const order = await shownIds(page);
  await page.locator("#to-tiny-bn").click();
  await expect(page.locator("#models-heading")).toBeFocused();
  await page.goBack();
  await expect(page.locator("#to-tiny-bn")).toBeFocused();
  await expect(page).toHaveTitle("Inkling: models");
  expect(await shownIds(page)).toEqual(order);
  await page.goForward();
  await expect(page.locator("#models-heading")).toHaveText("tiny-bn");
});

test("a drawing and its engine survive a look at the networks", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  const [worker] = page.workers();
  await page.getByRole("link", { name: "Models" }).click();
  await expect(page.locator("#pad")).toBeHidden();
  await expect(page.getByRole("link", { name: "Models" })).toHaveAttribute("aria-current", "page");
  // Keys of the pad do nothing on pages without a pad.
  await page.keyboard.press("Delete");
  await page.goBack();
  await expect(page.locator("#pad")).toBeVisible();
  await expectStrokes(page, 1);
  await expectDigit(page, 7);
  expect(page.workers()).toContain(worker);
  expect(new URL(page.url()).search).toBe("?backend=flex");
  await draw(page, [[0.1, 0.1], [0.2, 0.2]]);
  await expectStrokes(page, 2);
});

test("the report is fetched when it is first needed, and only once", async ({ page }) => {
  let n = 0;
  page.on("request", (request) => (n += request.url().endsWith("weights/report.json")));
  await open(page);
  expect(n).toBe(0);
  await page.getByRole("link", { name: "Models" }).click();
  await expect(rows(page)).toHaveCount(models.length);
  await page.getByRole("link", { name: "Draw" }).click();
  await page.getByRole("link", { name: "Models" }).click();
  await expect(rows(page)).toHaveCount(models.length);
  expect(n).toBe(1);
});

for (const [name, answer, says] of [
  ["missing", { status: 404, body: "not found" }, "the server answered 404"],
  ["malformed", { body: text.slice(0, 300) }, "report.json cannot be read"],
  ["incomplete", { body: '{"version": 1, "models": [{"id": "tiny-bn"}]}' }, "missing field"],
  ["of a later format", { body: '{"version": 99, "models": []}' }, "format 99"],
]) {
  test(`a report that is ${name}`, async ({ page }) => {
    await page.route(REPORT, (route) => route.fulfill(answer));
    await openModels(page);
    await expect(page.locator("#models-trouble")).toContainText(says);
    await page.unroute(REPORT);
    await page.route(REPORT, (route) => route.fulfill({ body: text }));
    await page.locator("#retry-models").click();
    await expect(rows(page)).toHaveCount(models.length);
  });
}

for (const [name, file, answer, says] of [
  ["missing", "catalogue_bg.wasm", { status: 404, body: "not found" }, "catalogue_bg.wasm could not be fetched: the server answered 404"],
  ["cut short", "catalogue_bg.wasm", { path: "dist/catalogue_bg.wasm", cut: 20_000 }, "catalogue_bg.wasm is incomplete or damaged"],
  ["another file", "catalogue_bg.wasm", { path: "dist/index.html" }, "catalogue_bg.wasm is incomplete or damaged"],
  ["without its script", "catalogue.js", { status: 404, body: "not found" }, "catalogue.js could not be fetched"],
]) {
  test(`a catalogue that is ${name}`, async ({ page }) => {
    const { path, cut, ...fields } = answer;
    const body = path ? { body: readFileSync(path).subarray(0, cut) } : {};
    await page.route(`**/${file}*`, (route) => route.fulfill({ ...fields, ...body }));
    await openModels(page);
    await expect(page.locator("#models-trouble")).toContainText(says);
    await page.locator("#retry-models").click();
    await expect(page.locator("#models-trouble")).toContainText(says);
    await page.unroute(`**/${file}*`);
    await page.locator("#retry-models").click();
    await expect(rows(page)).toHaveCount(models.length);
    await page.locator("#sort-wrong").click();
    await expect(page.locator("th[aria-sort=ascending]")).toHaveCount(1);
  });
}

test("the catalogue is fetched when it is first needed, and only once, whatever else fails", async ({ page }) => {
  const fetched = [];
  page.on("request", (request) => /catalogue/.test(request.url()) && fetched.push(new URL(request.url()).pathname.split("/").pop()));
  await page.route(REPORT, (route) => route.fulfill({ status: 404, body: "not found" }));
  await open(page);
  expect(fetched).toEqual([]);
  await page.getByRole("link", { name: "Models" }).click();
  await expect(page.locator("#models-trouble")).toBeVisible();
  await page.unroute(REPORT);
  await page.route(REPORT, (route) => route.fulfill({ body: text }));
  await page.locator("#retry-models").click();
  await expect(rows(page)).toHaveCount(models.length);
  expect(fetched.sort()).toEqual(["catalogue.js", "catalogue_bg.wasm"]);
});

test("the networks can be viewed offline even if they never were before", async ({ browser }) => {
  test.skip(!isReal, "the report is not among the cached files");
  const context = await browser.newContext({ serviceWorkers: "allow", baseURL: test.info().project.use.baseURL });
  const page = await context.newPage();
  await open(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  // The report is cached once it has been used, the catalogue from the first visit on.
  await page.evaluate(() => fetch("weights/report.json").then((response) => response.text()));
  await expect.poll(() => page.evaluate(async () => Boolean(await caches.match("weights/report.json")))).toBe(true);
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("link", { name: "Models" }).click();
  await expect(rows(page)).toHaveCount(models.length);
  await context.close();
});

test("a report that takes its time", async ({ page }) => {
  let answer;
  const asked = new Promise((resolve) => (answer = resolve));
  await page.route(REPORT, (route) => answer(() => route.fulfill({ body: text })));
  await openModels(page);
  await expect(page.getByRole("status").getByText("Loading")).toBeVisible();
  (await asked)();
  await expect(rows(page)).toHaveCount(models.length);
});

test("a network that does not exist", async ({ page }) => {
  await openModels(page, "/lenet-5");
  await expect(page.locator(".about")).toContainText("no network called “lenet-5”");
  await page.locator(".about a").click();
  await expect(rows(page)).toHaveCount(models.length);
});

for (const [width, height] of [[390, 844], [740, 360], [1280, 800], [2560, 1440]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${width}×${height}, ${colorScheme}`, async ({ page }, info) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const [name, path] of [["overview", ""], ["network", "/tiny-bn"], ["siamese", "/siamese"]]) {
        if (path && !ids.includes(path.slice(1))) continue;
        await openModels(page, path);
        await expect(page.locator(path ? ".confusion" : ".comparison")).toBeVisible();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
      }
    });
  }
}
