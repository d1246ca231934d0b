// The element's recognition, events and properties.

import { expect, test } from "@playwright/test";
import { DIGITS, SEVEN } from "../inkling.mjs";
import { STAR, expectValue, expectWorkers, heard, show, strokesOf, write, writeNumber } from "./pad.mjs";

const pad = (page) => page.locator("inkling-pad");

test("a digit is recognised while it is written, and events report it", async ({ page }) => {
  const { errors, warnings } = await show(page, "<inkling-pad></inkling-pad>");
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
  // The event repeats when a better engine takes over, or fails to.
  const { detail: info } = (await heard(page, "inkling-ready")).at(-1);
  expect(info).toMatchObject({ backend: expect.any(String), device: expect.any(String), model: "pen" });
  const { detail: reading } = (await heard(page, "inkling-prediction")).at(-1);
  expect(reading).toMatchObject({ value: "7", backend: info.backend, model: "pen", latency: expect.any(Number) });
  expect(reading.digits).toHaveLength(1);
  expect(reading.digits[0]).toMatchObject({ label: "7", kind: "digit", cell: null });
  expect(reading.digits[0].confidence).toBeGreaterThan(0.8);
  expect(reading.probabilities).toHaveLength(10);
  expect(reading.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 3);
  expect(reading.alternatives[0].label).not.toBe("7");
  expect(reading.alternatives[0].probability).toBeGreaterThanOrEqual(reading.alternatives[1].probability);
  expect((await heard(page, "input")).length).toBeGreaterThan(0);
  expect(await heard(page, "change")).toHaveLength(1);
  expect((await heard(page, "inkling-ink")).length).toBeGreaterThan(1);
  expect(errors).toEqual([]);
  expect(warnings).toEqual([]);
});

test("all ten digits", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  for (const [digit, strokes] of DIGITS.entries()) {
    await write(pad(page), strokes);
    await expectValue(pad(page), String(digit));
    await pad(page).evaluate((pad) => pad.clear());
  }
});

test("a number of several digits, and not more than requested", async ({ page }) => {
  await show(page, '<inkling-pad digits="4"></inkling-pad>');
  await writeNumber(pad(page), "4271");
  await expectValue(pad(page), "4271");
  const { detail } = (await heard(page, "inkling-prediction")).at(-1);
  expect(detail.digits.map(({ label }) => label)).toEqual(["4", "2", "7", "1"]);
  for (const { cell } of detail.digits) expect(cell[1]).toBeGreaterThan(cell[0]);
});

test("ink that isn't a digit gives no value", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await write(pad(page), STAR);
  await expect.poll(async () => (await heard(page, "inkling-prediction")).at(-1)?.detail.value).toBe("?");
  await expectValue(pad(page), "");
  expect(await pad(page).evaluate(({ validity }) => validity.badInput)).toBe(true);
});

test("undo, redo, clear and the eraser", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const nStrokes = () => pad(page).evaluate(({ strokes }) => strokes.length);
  await write(pad(page), DIGITS[4]);
  await expectValue(pad(page), "4");
  expect(await nStrokes()).toBe(2);
  await pad(page).getByRole("button", { name: "Undo" }).click();
  expect(await nStrokes()).toBe(1);
  await pad(page).evaluate((pad) => pad.redo());
  await expectValue(pad(page), "4");
  await pad(page).getByRole("button", { name: "Clear" }).click();
  expect(await nStrokes()).toBe(0);
  await expectValue(pad(page), "");
  expect(await pad(page).evaluate(({ canUndo, canRedo }) => [canUndo, canRedo])).toEqual([true, false]);
  await pad(page).evaluate((pad) => pad.undo());
  await expectValue(pad(page), "4");
  await pad(page).evaluate((pad) => (pad.tool = "eraser"));
  await write(pad(page), [[[0.4, 0.2], [0.41, 0.21]]]);
  expect(await nStrokes()).toBe(1);
});

test("attributes and properties reflect each other", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const { before, after, set } = await pad(page).evaluate((pad) => {
    const names = ["name", "value", "required", "disabled", "readOnly", "digits", "minDigits", "model", "backend", "src", "symbols", "theme", "loading", "penWidth", "placeholder", "plain"];
    const all = () => Object.fromEntries(names.map((name) => [name, pad[name]]));
    const before = all();
    Object.assign(pad, { name: "pin", required: true, digits: 4, minDigits: 2, theme: "dark", placeholder: "PIN", penWidth: 30 });
    return { before, after: all(), set: Object.fromEntries([...pad.attributes].map(({ name, value }) => [name, value])) };
  });
  expect(before).toMatchObject({ name: "", value: "", required: false, disabled: false, readOnly: false, digits: 1, minDigits: 1 });
  expect(before).toMatchObject({ model: "pen", backend: "auto", theme: "auto", loading: "lazy", plain: false });
  expect(after).toMatchObject({ name: "pin", required: true, digits: 4, minDigits: 2, theme: "dark", placeholder: "PIN", penWidth: 30 });
  expect(set).toMatchObject({ name: "pin", required: "", digits: "4", "min-digits": "2", theme: "dark", placeholder: "PIN", "pen-width": "30" });
  await expect(pad(page).locator('[part~="hint"]')).toHaveText("PIN");
});

test("properties that were set before the script loaded are applied", async ({ page }) => {
  await page.addInitScript(() => {
    document.addEventListener("readystatechange", () => {
      const pad = document.querySelector("inkling-pad");
      if (pad && !customElements.get("inkling-pad")) Object.assign(pad, { digits: 3, value: "123" });
    });
  });
  await show(page, "<inkling-pad></inkling-pad>");
  await expectValue(pad(page), "123");
  await expect(pad(page)).toHaveAttribute("digits", "3");
});

test("strokes can be read and set, in the same units", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await write(pad(page), [SEVEN]);
  const strokes = await pad(page).evaluate(({ strokes }) => strokes);
  expect(strokes).toHaveLength(1);
  for (const [x, y, radius] of strokes[0]) {
    expect(x).toBeGreaterThan(0);
    expect(y).toBeLessThan(1000);
    expect(radius).toBeGreaterThan(0);
  }
  await pad(page).evaluate((pad, strokes) => (pad.strokes = strokes), strokesOf("3"));
  await expectValue(pad(page), "3");
  const refused = await pad(page).evaluate((pad) => {
    try {
      pad.strokes = [[["a", "b"]]];
    } catch (error) {
      return error.message;
    }
  });
  expect(refused).toContain("numbers");
  await expectValue(pad(page), "3");
});

test("setting the value removes the ink, and typing doesn't need any", async ({ page }) => {
  await show(page, '<inkling-pad digits="3"></inkling-pad>');
  await writeNumber(pad(page), "42");
  await expectValue(pad(page), "42");
  await pad(page).evaluate((pad) => (pad.value = "1a2b3c4"));
  await expectValue(pad(page), "123");
  expect(await pad(page).evaluate(({ strokes }) => strokes)).toEqual([]);
  await pad(page).locator("input").fill("9 8");
  await expectValue(pad(page), "98");
});

test("recognize() reads at once, and starts the engine if loading is manual", async ({ page }) => {
  const { requests } = await show(page, '<inkling-pad loading="manual"></inkling-pad>');
  await write(pad(page), [SEVEN]);
  expect(requests.filter((url) => url.includes("engine"))).toEqual([]);
  const reading = await pad(page).evaluate((pad) => pad.recognize());
  expect(reading.value).toBe("7");
  await expectWorkers(page, 1);
});

test("toBlob() returns a picture of the ink", async ({ page }) => {
  await show(page, '<inkling-pad loading="manual"></inkling-pad>');
  await write(pad(page), [SEVEN]);
  const { type, size, dark } = await pad(page).evaluate(async (pad) => {
    const blob = await pad.toBlob();
    const bitmap = await createImageBitmap(blob);
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const dark = data.filter((value, i) => i % 4 === 0 && value < 128).length;
    return { type: blob.type, size: [bitmap.width, bitmap.height], dark: dark / (bitmap.width * bitmap.height) };
  });
  expect(type).toBe("image/png");
  expect(size[0]).toBe(size[1]);
  expect(dark).toBeGreaterThan(0.02);
  expect(dark).toBeLessThan(0.3);
  expect(await pad(page).evaluate(async (pad) => (await pad.toBlob("image/jpeg")).type)).toBe("image/jpeg");
});

test("ready resolves with the engine in use", async ({ page }) => {
  await show(page, '<inkling-pad backend="ndarray" model="pen-small"></inkling-pad>');
  const info = await pad(page).evaluate((pad) => pad.ready);
  expect(info).toMatchObject({ backend: "ndarray", model: "pen-small" });
});

test("another network or engine takes over when the attribute changes", async ({ page }) => {
  await show(page, '<inkling-pad backend="flex"></inkling-pad>');
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
  await pad(page).evaluate((pad) => (pad.model = "tiny-bn"));
  await expect.poll(async () => (await heard(page, "inkling-ready")).at(-1).detail.model).toBe("tiny-bn");
  await pad(page).evaluate((pad) => pad.clear());
  await write(pad(page), DIGITS[3]);
  await expectValue(pad(page), "3");
  expect((await heard(page, "inkling-prediction")).at(-1).detail.model).toBe("tiny-bn");
  await expectWorkers(page, 1);
});

test("texts in another language: the nearest lang= counts", async ({ page }) => {
  await show(page, '<div lang="de-AT"><inkling-pad digits="2"></inkling-pad></div>');
  await pad(page).evaluate((pad) => {
    customElements.get("inkling-pad").addTexts("de", { hint: "{digits} Ziffern schreiben", clear: "Löschen" });
    pad.digits = 3;
  });
  await expect(pad(page).locator('[part~="hint"]')).toHaveText("3 Ziffern schreiben");
  await expect(pad(page).getByRole("button", { name: "Löschen" })).toBeAttached();
  await expect(pad(page).getByRole("button", { name: "Undo" })).toBeAttached();
});

test("plain shows only the surface", async ({ page }) => {
  await show(page, '<div style="height: 200px"><inkling-pad plain></inkling-pad></div>');
  await expect(pad(page).locator("input")).toBeHidden();
  await expect(pad(page).locator("canvas")).toBeVisible();
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});
