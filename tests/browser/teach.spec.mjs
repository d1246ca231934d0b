// Teaching: drawings that are kept, lessons, taught networks, symbols, and files.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { DIGITS, ONE, draw, expectDigit, open, prepareWorker, waitForEngine } from "./inkling.mjs";

const thumbs = (page, label) => page.locator(`[data-row="${label}"] .thumb`);
const prompt = (page) => page.locator("#prompt");
const lesson = (page) => page.locator(".lesson");
const reads = (page) => page.locator("#network-menu");
const notice = (page) => page.locator("#notice-text");
const go = (page, hash) => page.evaluate((hash) => (location.hash = hash), hash);

/** Some ★ as a person might draw it. */
const STAR = [[[0.5, 0.12], [0.72, 0.85], [0.14, 0.4], [0.86, 0.4], [0.28, 0.85], [0.5, 0.12]]];
const ZIGZAG = [[[0.12, 0.2], [0.3, 0.8], [0.5, 0.3], [0.7, 0.8], [0.88, 0.2]]];

async function openTeach(page, query = "") {
  await page.goto(`./${query}#teach`);
  await expect(prompt(page)).toBeVisible();
  await waitForEngine(page, "flex");
}

/** A 9 with a square head and a long slanted tail, as the person in these tests writes it. */
const NINE = [
  [[0.35, 0.2], [0.65, 0.2], [0.65, 0.5], [0.35, 0.5], [0.35, 0.2]],
  [[0.65, 0.5], [0.35, 0.85]],
];

/** A file of drawings as the app exports them: each digit twice, but six such 9s. */
function file() {
  const side = 1000;
  const strokes = (digit, i) =>
    digit.map((stroke) =>
      stroke.map(([x, y]) => [
        side * (0.5 + (x - 0.5) * (1 + 0.06 * i) + 0.03 * i * (y - 0.5)),
        side * (0.5 + (y - 0.5) * (1 - 0.04 * i)),
        38,
      ]),
    );
  const plain = DIGITS.flatMap((digit, label) =>
    label === 9 ? [] : [0, 1].map((i) => ({ label: String(label), strokes: strokes(digit, i) })),
  );
  const odd = [-2, -1, 0, 1, 2, 3].map((i) => ({ label: "9", strokes: strokes(NINE, i) }));
  return { format: "inkling samples", version: 1, samples: [...plain, ...odd] };
}

const json = (value, name = "mine.json") => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
});

const bring = (page, ...files) =>
  page.locator("#import").setInputFiles(files.map(({ name, mimeType, buffer }) => ({ name, mimeType, buffer })));

async function teach(page) {
  await page.locator("#teach").click();
  await expect(lesson(page)).toHaveAttribute("data-stage", "done", { timeout: 110_000 });
}

test("digits are asked for, kept, skipped, renamed, deleted, and outlast a reload", async ({ page }) => {
  await openTeach(page);
  await expect(prompt(page)).toHaveAttribute("data-label", "0");
  await expect(page.locator("#keep")).toBeDisabled();
  await draw(page, ...DIGITS[0]);
  await page.locator("#keep").click();
  await expect(thumbs(page, 0)).toHaveCount(1);
  await expect(prompt(page)).toHaveAttribute("data-label", "1");
  await draw(page, ...DIGITS[1]);
  await page.keyboard.press("Enter");
  await expect(thumbs(page, 1)).toHaveCount(1);
  await page.locator(".skip").click();
  await expect(prompt(page)).toHaveAttribute("data-label", "3");

  await thumbs(page, 1).click();
  await page.locator("#relabel").selectOption("7");
  await expect(thumbs(page, 7)).toHaveCount(1);
  await expect(thumbs(page, 1)).toHaveCount(0);
  await page.reload();
  await expect(thumbs(page, 7)).toHaveCount(1);
  await thumbs(page, 7).click();
  await page.locator("#delete-sample").click();
  await expect(thumbs(page, 7)).toHaveCount(0);
  await page.reload();
  await expect(thumbs(page, 0)).toHaveCount(1);
  await expect(thumbs(page, 7)).toHaveCount(0);
});

test("a wrong reading is corrected with one tap, and the correction can be undone", async ({ page }) => {
  await open(page);
  await draw(page, ONE);
  await expectDigit(page, 1);
  await page.locator('.bar[data-digit="7"] .correct').click();
  await expect(page.locator(".correction")).toContainText("Saved as a 7");
  await page.locator(".correction button", { hasText: "Undo" }).click();
  await expect(page.locator(".correction")).toContainText("Wrong?");
  await page.locator('.bar[data-digit="4"] .correct').click();
  await page.locator(".correction button", { hasText: "Teach" }).click();
  await expect(thumbs(page, 4)).toHaveCount(1);
  await expect(thumbs(page, 7)).toHaveCount(0);
});

test("a lesson is followed, makes the person's digits readable, outlasts a reload, and is undone with one click", async ({ page }) => {
  await openTeach(page);
  await go(page, "draw");
  await draw(page, ...NINE);
  await expect(page.locator("#winner")).not.toHaveAttribute("data-verdict", "");
  await expect(page.locator("#winner")).not.toHaveAttribute("data-digit", "9");

  await go(page, "teach");
  await bring(page, json(file()));
  await expect(thumbs(page, 9)).toHaveCount(6);
  await page.locator("#teach").click();
  await expect(page.locator("#lesson-progress")).toContainText(/^Step \d+ of \d+, about \d+ s left/, { timeout: 60_000 });
  const first = await page.locator("#lesson-progress").textContent();
  await expect(page.locator("#lesson-progress")).not.toHaveText(first);
  await expect(page.locator(".curve path.validation")).toHaveAttribute("d", /L/);
  // Meanwhile, drawings are still read.
  await draw(page, ...DIGITS[3]);
  await expect(page.locator(".reads")).toHaveText("reads as 3");

  await expect(lesson(page)).toHaveAttribute("data-stage", "done", { timeout: 110_000 });
  await expect(page.locator(".brought tbody tr")).toHaveCount(2);
  await expect(page.locator("#brought")).toContainText("Inkling now uses");
  const [before, after] = await page.locator(".brought tbody tr:last-child td").allTextContents();
  const right = (text) => Number(/^(\d+) of 1,000$/.exec(text)[1]);
  expect(right(before)).toBeGreaterThan(980);
  expect(right(before) - right(after)).toBeLessThanOrEqual(3);
  await expect(reads(page)).toHaveAttribute("data-reads", /^pen@/);

  await go(page, "draw");
  await expectDigit(page, 9);
  await page.reload();
  await expect(reads(page)).toHaveAttribute("data-reads", /^pen@/, { timeout: 60_000 });
  await draw(page, ...NINE);
  await expectDigit(page, 9);
  await go(page, "teach");
  await page.locator(".hands .undo-hand").click();
  await expect(reads(page)).toHaveAttribute("data-reads", "pen");
  await expect(page.locator(".hand")).toHaveCount(1);
});

test("a cancelled lesson changes nothing", async ({ page }) => {
  await openTeach(page);
  await bring(page, json(file()));
  await page.locator("#teach").click();
  await expect(page.locator("#lesson-progress")).toContainText("Step", { timeout: 60_000 });
  await page.locator(".cancel").click();
  await expect(lesson(page)).toHaveAttribute("data-stage", "none");
  await expect(page.locator("#teach")).toBeVisible();
  await expect(thumbs(page, 9)).toHaveCount(6);
  await expect(page.locator(".hand")).toHaveCount(0);
  await expect(reads(page)).toHaveAttribute("data-reads", "pen");
});

test("a page that is closed in a lesson says so when it is back, with every drawing", async ({ page }) => {
  await openTeach(page);
  await bring(page, json(file()));
  await page.locator("#teach").click();
  await expect(page.locator("#lesson-progress")).toContainText("Step", { timeout: 60_000 });
  await page.reload();
  await expect(notice(page)).toContainText("closed before the lesson finished");
  await expect(thumbs(page, 9)).toHaveCount(6);
  await page.reload();
  await expect(thumbs(page, 9)).toHaveCount(6);
  await expect(notice(page)).toHaveCount(0);
});

test("an engine that fails in a lesson is reported in a sentence", async ({ page }) => {
  // The lesson's worker is the one that gets the rehearsal images.
  await prepareWorker(page, "addEventListener('message', ({ data }) => { if (data.message?.type === 'rehearse') throw new Error('out of memory'); })");
  await openTeach(page);
  await bring(page, json(file()));
  await page.locator("#teach").click();
  await expect(lesson(page)).toHaveAttribute("data-stage", "failed", { timeout: 60_000 });
  await expect(page.locator(".lesson .trouble")).toContainText("out of memory");
  await expect(page.locator(".lesson .trouble")).toContainText("are unchanged");
  await expect(page.locator("#teach")).toBeEnabled();
});

test("a taught network and its drawings move to another device", async ({ page, browser }) => {
  await openTeach(page);
  await bring(page, json(file()));
  await teach(page);
  page.once("dialog", (dialog) => dialog.accept("Anna"));
  await page.locator(".hand button", { hasText: "Rename" }).click();
  await expect(page.locator(".hand .name")).toHaveText("Anna");
  const saved = async (button) => {
    const download = page.waitForEvent("download");
    await button.click();
    const file = await download;
    const name = file.suggestedFilename();
    const path = test.info().outputPath(name);
    await file.saveAs(path);
    return { name, path, mimeType: "", buffer: readFileSync(path) };
  };
  const network = await saved(page.locator(".hand button", { hasText: "Export" }));
  expect(network.name).toBe("Anna.safetensors");
  const samples = await saved(page.locator("#export-samples"));
  const { format, samples: drawings } = JSON.parse(samples.buffer);
  expect([format, drawings.length]).toEqual(["inkling samples", 24]);

  const context = await browser.newContext({ serviceWorkers: "block" });
  const other = await context.newPage();
  await openTeach(other);
  await bring(other, network, samples);
  await expect(other.locator(".hand .name")).toHaveText("Anna", { timeout: 60_000 });
  await expect(thumbs(other, 9)).toHaveCount(6);
  await other.locator(".hand button", { hasText: "Use" }).click();
  await expect(reads(other)).toHaveAttribute("data-reads", /^pen@/, { timeout: 60_000 });
  await go(other, "draw");
  await draw(other, ...NINE);
  await expectDigit(other, 9);
  // The native reader accepts the network, and the trainer learns from the drawings.
  const inkling = (...args) => execFileSync(process.env.INKLING, args, { encoding: "utf8" });
  const read = inkling("eval", "--weights", network.path, "--n-images", "500", "--device", "flex");
  expect(read).toMatch(/9[89]\.\d+ %/);
  const out = test.info().outputPath("natively.safetensors");
  expect(inkling("tune", samples.path, "--out", out)).toContain("4 held back");
  await bring(other, { name: "natively.safetensors", mimeType: "", buffer: readFileSync(out) });
  await go(other, "teach");
  await expect(other.locator(".hand .name")).toHaveText(["Anna", "natively"], { timeout: 60_000 });
  // Importing the same file again adds nothing.
  await bring(other, samples);
  await expect(thumbs(other, 9)).toHaveCount(6);
  await context.close();
});

test("a broken file is refused completely, with a sentence", async ({ page }) => {
  await openTeach(page);
  const cut = JSON.stringify(file()).slice(0, 900);
  const bare = (buffer) => ({ name: "n.safetensors", mimeType: "", buffer });
  const broken = file();
  broken.samples[3].strokes = [[[1]]];
  for (const [what, sentence] of [
    [json(cut), "isn't valid JSON"],
    [json({ samples: [] }), "isn't a file of drawings exported by Inkling"],
    [json({ ...file(), version: 9 }), "newer than this Inkling"],
    [json(broken), "drawing 4 has no strokes"],
    [bare(Buffer.from("nothing")), "isn't a network exported by Inkling"],
    [bare(Buffer.alloc(0)), "isn't a network exported by Inkling"],
  ]) {
    await bring(page, what);
    await expect(notice(page)).toContainText(sentence);
    await expect(notice(page)).toContainText("Nothing was changed");
    await page.locator("#dismiss").click();
  }
  await expect(page.locator(".thumb")).toHaveCount(0);
});

test("two tabs show the same drawings", async ({ context }) => {
  const [one, other] = [await context.newPage(), await context.newPage()];
  await openTeach(other);
  await openTeach(one);
  await one.bringToFront();
  await draw(one, ...DIGITS[0]);
  await one.locator("#keep").click();
  await expect(thumbs(other, 0)).toHaveCount(1);
  await other.bringToFront();
  await draw(other, ...DIGITS[5]);
  await other.locator("#keep").click();
  await expect(thumbs(one, 1)).toHaveCount(1);
});

test("if nothing can be stored, drawings last for the visit and a sentence says so", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }));
  await openTeach(page);
  await expect(page.locator(".keeping .trouble")).toContainText("doesn’t save anything for this page");
  await draw(page, ...DIGITS[0]);
  await page.locator("#keep").click();
  await expect(thumbs(page, 0)).toHaveCount(1);
});

test("full storage loses nothing, whatever another tab does, and a sentence says so", async ({ page, context }) => {
  await openTeach(page);
  await draw(page, ...DIGITS[0]);
  await page.locator("#keep").click();
  await expect(thumbs(page, 0)).toHaveCount(1);
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await draw(page, ...DIGITS[1]);
  await page.locator("#keep").click();
  await expect(notice(page)).toContainText("no space left");
  await expect(thumbs(page, 1)).toHaveCount(1);
  await expect(thumbs(page, 0)).toHaveCount(1);

  const other = await context.newPage();
  await openTeach(other);
  await expect(prompt(other)).toHaveAttribute("data-label", "1");
  await draw(other, ...DIGITS[1]);
  await other.locator("#keep").click();
  await expect(thumbs(other, 1)).toHaveCount(1);
  // The other tab's drawing, and the one that is only in this tab.
  await expect(thumbs(page, 1)).toHaveCount(2);
  await other.close();
  await page.bringToFront();
  await page.locator("#dismiss").click();
  await page.locator("#delete-everything").click();
  await page.locator("#delete-for-good").click();
  await expect(page.locator(".thumb")).toHaveCount(0);
});

test("a symbol is recognised alongside the digits after one example, and unknown ink is not", async ({ page }) => {
  await openTeach(page);
  page.once("dialog", (dialog) => dialog.accept(" ★ "));
  await page.locator("#add-symbol").click();
  await expect(prompt(page)).toHaveAttribute("data-label", "★");
  await draw(page, ...STAR);
  await page.locator("#keep").click();
  await expect(thumbs(page, "★")).toHaveCount(1);

  await go(page, "draw");
  const wobbly = STAR.map((stroke) => stroke.map(([x, y], i) => [0.85 * x + 0.06 + 0.02 * (i % 2), 0.9 * y + 0.04]));
  await draw(page, ...wobbly);
  await expect(page.locator("#winner")).toHaveText("★", { timeout: 60_000 });
  await expect(page.locator("#winner")).toHaveAttribute("data-verdict", "symbol");
  for (const digit of [1, 3, 7, 8]) {
    await page.locator("#clear").click();
    await draw(page, ...DIGITS[digit]);
    await expectDigit(page, digit);
  }
  await page.locator("#clear").click();
  await draw(page, ...ZIGZAG);
  await expect(page.locator('.nearest[data-symbol="★"]')).toBeVisible();
  await expect(page.locator("#winner")).not.toHaveText("★");

  await page.reload();
  await draw(page, ...wobbly);
  await expect(page.locator("#winner")).toHaveText("★", { timeout: 60_000 });
  await go(page, "teach");
  await expect(page.locator(".map .example")).toHaveCount(1);
  await page.locator(".symbol button", { hasText: "Delete" }).click();
  await expect(page.locator(".symbol")).toHaveCount(0);
  await go(page, "draw");
  await expect(page.locator("#winner")).not.toHaveText("★");
});

test("everything is deleted for good", async ({ page }) => {
  await openTeach(page);
  await bring(page, json(file()));
  await expect(thumbs(page, 9)).toHaveCount(6);
  await page.locator("#delete-everything").click();
  await page.locator("#delete-for-good").click();
  await expect(page.locator(".thumb")).toHaveCount(0);
  await page.reload();
  await expect(prompt(page)).toHaveAttribute("data-label", "0");
  await expect(page.locator(".thumb")).toHaveCount(0);
  const kept = await page.evaluate(async () => {
    const { all } = await import("./vault.js");
    return (await Promise.all(["samples", "networks", "settings"].map(all))).flat().length;
  });
  expect(kept).toBe(0);
});
