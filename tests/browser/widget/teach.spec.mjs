// Teaching by code: symbols, fine-tuning, and their files.

import { expect, test } from "@playwright/test";
import { SEVEN } from "../inkling.mjs";
import { STAR, expectValue, expectWorkers, handSamples, heard, show, write } from "./pad.mjs";

const pad = (page) => page.locator("inkling-pad");
const star = STAR.map((stroke) => stroke.map(([x, y]) => [1000 * x, 1000 * y]));

test("a symbol is recognised from its first drawing", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await pad(page).evaluate((pad, strokes) => pad.teach("★", strokes), star);
  await write(pad(page), STAR);
  await expectValue(pad(page), "★");
  const { detail } = (await heard(page, "inkling-prediction")).at(-1);
  expect(detail.digits[0]).toMatchObject({ label: "★", kind: "symbol" });
  await pad(page).evaluate((pad) => pad.clear());
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("without strokes, the drawing on the pad is taught", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await write(pad(page), STAR);
  await pad(page).evaluate((pad) => pad.teach("star"));
  await pad(page).evaluate((pad) => pad.clear());
  await write(pad(page), STAR);
  await expectValue(pad(page), "star");
});

test("invalid samples are refused with a message", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const refused = (label, strokes) =>
    pad(page).evaluate((pad, [label, strokes]) => pad.teach(label, strokes).then(() => "", (error) => error.message), [label, strokes]);
  expect(await refused("", star)).toMatch(/\w/);
  expect(await refused("★", [])).toMatch(/\w/);
  expect(await refused("★", [[["a", 1]]])).toContain("numbers");
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("samples are saved and loaded as a file, by export(), import() and symbols=", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const text = await pad(page).evaluate(async (pad, strokes) => {
    await pad.teach("★", strokes);
    const blob = await pad.export("samples");
    return blob.text();
  }, star);
  expect(JSON.parse(text)).toMatchObject({ format: "inkling samples", samples: [{ label: "★" }] });

  await show(page, "<inkling-pad></inkling-pad>");
  expect(await pad(page).evaluate((pad, text) => pad.import(new Blob([text])), text)).toMatchObject({ samples: 1, network: false });
  await write(pad(page), STAR);
  await expectValue(pad(page), "★");

  await page.route("**/symbols.json", (route) => route.fulfill({ body: text, contentType: "application/json" }));
  await show(page, '<inkling-pad symbols="/symbols.json"></inkling-pad>');
  await write(pad(page), STAR);
  await expectValue(pad(page), "★");
});

test("an invalid file is refused, and nothing changes", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const refused = await pad(page).evaluate((pad) => pad.import(new Blob(["{}"])).then(() => "", (error) => error.message));
  expect(refused).toMatch(/\w/);
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("fine-tuning reports progress, and the network can be exported and imported", async ({ page }) => {
  test.setTimeout(300_000);
  await show(page, '<inkling-pad backend="flex"></inkling-pad>');
  const { lesson, stages, last, bytes, taken } = await pad(page).evaluate(async (pad, samples) => {
    const heard = [];
    const lesson = await pad.fineTune(samples, { onProgress: (progress) => heard.push(progress) });
    const network = await pad.export("network");
    const taken = await pad.import(network);
    const learning = heard.filter(({ stage }) => stage === "learning");
    return { lesson, stages: [...new Set(heard.map(({ stage }) => stage))], last: learning.at(-1), bytes: network.size, taken };
  }, handSamples());
  for (const { mnist } of [lesson.before, lesson.after]) {
    expect(mnist.total).toBe(1000);
    expect(mnist.correct).toBeGreaterThan(950);
  }
  expect(typeof lesson.used).toBe("boolean");
  expect(stages).toContain("learning");
  expect(last.step).toBeGreaterThan(0);
  expect(last.steps).toBeGreaterThanOrEqual(last.step);
  expect(last.loss).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(taken).toMatchObject({ network: true });
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
  await expectWorkers(page, 1);
});

test("a signal aborts a lesson, and the pad keeps working", async ({ page }) => {
  test.setTimeout(300_000);
  await show(page, '<inkling-pad backend="flex"></inkling-pad>');
  const name = await pad(page).evaluate(async (pad, samples) => {
    const controller = new AbortController();
    const onProgress = ({ stage }) => stage === "learning" && controller.abort();
    return pad.fineTune(samples, { onProgress, signal: controller.signal }).then(() => "done", (error) => error.name);
  }, handSamples());
  expect(name).toBe("AbortError");
  await expectWorkers(page, 1);
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("a lesson with too few samples says so", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const [lesson, network] = await pad(page).evaluate((pad) =>
    Promise.all([pad.fineTune([]), pad.export("network")].map((promise) => promise.then(() => "", (error) => error.message))),
  );
  expect(lesson).toMatch(/\w/);
  expect(network).toMatch(/\w/);
});
