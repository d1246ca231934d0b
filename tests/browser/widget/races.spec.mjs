// Events in an unexpected order: nothing is lost, nothing hangs, and no value appears that wasn't written.

import { expect, test } from "@playwright/test";
import { SEVEN } from "../inkling.mjs";
import { HERE, expectValue, expectWorkers, heard, show, strokesOf, write, writeNumber } from "./pad.mjs";

const pad = (page) => page.locator("inkling-pad");
/** Returns a promise's value or its error's name, or "pending". */
const SETTLED = `(promise) => Promise.race([
  promise.then(({ value }) => value, ({ name }) => name),
  new Promise((resolve) => setTimeout(resolve, 20000, "pending")),
])`;

test("recognize() and writing don't mix up their answers", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const input = [SETTLED, strokesOf("7"), strokesOf("3")];
  const read = await pad(page).evaluate(async (pad, [settled, seven, three]) => {
    settled = eval(settled);
    pad.strokes = seven;
    const [first, second] = [settled(pad.recognize()), settled(pad.recognize())];
    pad.strokes = three;
    return [await first, await second, await settled(pad.recognize())];
  }, input);
  expect(read).toEqual(["7", "7", "3"]);
  await expectValue(pad(page), "3");
  expect(await pad(page).evaluate((pad) => pad.checkValidity())).toBe(true);
});

test("ink is recognised even if the engine changes first or starts later", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await pad(page).evaluate((pad, seven) => {
    pad.strokes = seven;
    pad.model = "pen-small";
  }, strokesOf("7"));
  await expectValue(pad(page), "7");
  expect((await heard(page, "inkling-prediction")).at(-1).detail.model).toBe("pen-small");

  await show(page, "<inkling-pad disabled></inkling-pad>");
  await pad(page).evaluate((pad, seven) => (pad.strokes = seven), strokesOf("7"));
  await page.waitForTimeout(300);
  await pad(page).evaluate((pad) => (pad.disabled = false));
  await expectValue(pad(page), "7");

  await show(page, "<inkling-pad></inkling-pad>");
  await pad(page).evaluate((pad, seven) => {
    pad.strokes = seven;
    const { parentNode } = pad;
    pad.remove();
    setTimeout(() => parentNode.append(pad), 1000);
  }, strokesOf("7"));
  await expectValue(pad(page), "7");
});

test("too many digits give no value", async ({ page }) => {
  await show(page, '<inkling-pad digits="2"></inkling-pad>');
  await writeNumber(pad(page), "42719");
  await expect.poll(async () => (await heard(page, "inkling-prediction")).at(-1)?.detail.digits.length).toBeGreaterThan(1);
  await expectValue(pad(page), "");
  expect(await pad(page).evaluate((pad) => pad.checkValidity())).toBe(false);
});

test("value and digits may be set in either order", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  const values = await pad(page).evaluate((pad) => {
    pad.value = "1234";
    const before = pad.value;
    pad.digits = 4;
    const after = pad.value;
    pad.digits = 2;
    return [before, after, pad.value];
  });
  expect(values).toEqual(["1", "1234", "12"]);
});

test("typed digits stay when there is nothing to erase or undo, and Clear removes them with an event", async ({ page }) => {
  await show(page, '<inkling-pad digits="2" value="12"></inkling-pad>');
  await pad(page).locator("input").fill("34");
  await pad(page).evaluate((pad) => (pad.tool = "eraser"));
  await write(pad(page), [SEVEN]);
  await pad(page).evaluate((pad) => {
    pad.undo();
    pad.redo();
  });
  await expectValue(pad(page), "34");
  await pad(page).evaluate((pad) => pad.form ?? (pad.value = "12"));
  await pad(page).locator('[part~="clear"]').click();
  await expectValue(pad(page), "");
  expect((await heard(page, "change")).length).toBeGreaterThan(0);
});

test("clearing the default value is a change", async ({ page }) => {
  await show(page, '<inkling-pad digits="2" value="12"></inkling-pad>');
  await pad(page).locator('[part~="clear"]').click();
  expect((await heard(page, "input")).length).toBe(1);
  expect((await heard(page, "change")).length).toBe(1);
});

test("a pad outside a document starts nothing", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await expect.poll(() => heard(page, "inkling-ready")).not.toHaveLength(0);
  const names = await pad(page).evaluate(async (pad) => {
    pad.remove();
    const calls = [pad.recognize(), pad.teach("7"), pad.fineTune(), pad.export(), pad.import(new Blob(["{}"]))];
    return Promise.all(calls.map((call) => call.catch(({ name }) => name)));
  });
  expect(names).toEqual(Array(5).fill("InvalidStateError"));
  await expectWorkers(page, 0);
});

test("a closed recognizer refuses requests", async ({ page }) => {
  await show(page, "", { widget: null });
  const names = await page.evaluate(
    async ([entry, settled, seven]) => {
      settled = eval(settled);
      const { createRecognizer } = await import(entry);
      const recognizer = await createRecognizer({ backend: "flex" });
      const before = settled(recognizer.recognize(seven));
      recognizer.close();
      return [await before, await settled(recognizer.recognize(seven))];
    },
    [`${HERE}/recognizer.js`, SETTLED, strokesOf("7")],
  );
  expect(names[0]).toMatch(/^(AbortError|InvalidStateError)$/);
  expect(names[1]).toBe("InvalidStateError");
  await expectWorkers(page, 0);
});

test("a plain pad has no field that a browser could autofill, and can be hidden", async ({ page }) => {
  await show(page, '<inkling-pad plain style="height: 200px"></inkling-pad>');
  await expect(pad(page).locator("canvas")).toBeVisible();
  await expect(pad(page).locator("input")).toHaveCount(0);
  await pad(page).evaluate((pad) => (pad.hidden = true));
  await expect(pad(page)).toBeHidden();
  await pad(page).evaluate((pad) => (pad.hidden = pad.plain = false));
  await expect(pad(page).locator("input")).toBeVisible();
});
