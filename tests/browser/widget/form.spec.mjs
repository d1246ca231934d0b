// The pad as a form field: in forms, with labels, and for typing.

import { expect, test } from "@playwright/test";
import { expectValue, heard, show, writeNumber } from "./pad.mjs";

const pad = (page) => page.locator("inkling-pad");
const validity = (page) =>
  pad(page).evaluate(({ validity, validationMessage, willValidate }) => {
    const flags = [];
    for (const flag in validity) if (validity[flag] === true) flags.push(flag);
    return { flags, message: validationMessage, willValidate };
  });
const data = (page) => page.locator("form").evaluate((form) => Object.fromEntries(new FormData(form)));

const FORM = `<form method="post"><label for="pin">PIN</label>
  <inkling-pad id="pin" name="pin" digits="4" required></inkling-pad><button>Send</button></form>`;

test("the recognised value is sent with the form", async ({ page }) => {
  await show(page, FORM);
  await writeNumber(pad(page), "4271");
  await expectValue(pad(page), "4271");
  expect(await data(page)).toEqual({ pin: "4271" });
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("body")).toHaveText("pin=4271");
});

test("an empty or short field stops the form, and says why", async ({ page }) => {
  await show(page, FORM);
  expect(await validity(page)).toEqual({ flags: ["valueMissing"], message: expect.stringMatching(/\w/), willValidate: true });
  await page.getByRole("button", { name: "Send" }).click();
  expect(page.url()).toContain("html=");
  await expect(pad(page).locator("input")).toBeFocused();
  await page.keyboard.type("12");
  expect(await validity(page)).toMatchObject({ flags: ["tooShort"], message: expect.stringContaining("4") });
  await page.keyboard.type("34");
  expect(await validity(page)).toEqual({ flags: ["valid"], message: "", willValidate: true });
  expect(await pad(page).evaluate((pad) => pad.matches(":valid"))).toBe(true);
  await pad(page).evaluate((pad) => pad.setCustomValidity("Taken"));
  expect(await validity(page)).toMatchObject({ flags: ["customError"], message: "Taken" });
  expect(await pad(page).evaluate((pad) => [pad.checkValidity(), pad.reportValidity()])).toEqual([false, false]);
  await pad(page).evaluate((pad) => pad.setCustomValidity(""));
  expect(await pad(page).evaluate((pad) => pad.checkValidity())).toBe(true);
});

test("min-digits sets the minimum number of digits", async ({ page }) => {
  await show(page, '<form><inkling-pad name="age" digits="3" min-digits="1"></inkling-pad></form>');
  expect(await validity(page)).toMatchObject({ flags: ["valid"] });
  await pad(page).locator("input").fill("7");
  expect(await validity(page)).toMatchObject({ flags: ["valid"] });
});

test("keyboard only: Tab, digits, Enter", async ({ page }) => {
  await show(page, FORM);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "PIN" })).toBeFocused();
  await page.keyboard.type("1x2 3-4567");
  await expectValue(pad(page), "1234");
  expect((await heard(page, "input")).length).toBeGreaterThan(0);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Send" })).toBeFocused();
  expect(await heard(page, "change")).toHaveLength(1);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expectValue(pad(page), "");
  await page.getByRole("textbox", { name: "PIN" }).fill("9876");
  await page.keyboard.press("Enter");
  await expect(page.locator("body")).toHaveText("pin=9876");
});

test("a click on the label focuses the field, which shows a focus ring", async ({ page }) => {
  await show(page, FORM);
  await page.getByText("PIN").click();
  await expect(pad(page).locator("input")).toBeFocused();
  await page.keyboard.press("1");
  const outline = await pad(page).locator("input").evaluate((input) => getComputedStyle(input).outlineStyle);
  expect(outline).toBe("solid");
  expect(await pad(page).evaluate(({ labels, form }) => [labels.length, form.localName])).toEqual([1, "form"]);
});

test("an enclosing label, aria-label and aria-describedby name and describe the field", async ({ page }) => {
  await show(page, '<label>Outer <inkling-pad digits="2"></inkling-pad></label><p id="more">As on the card</p><inkling-pad aria-label="Inner" aria-describedby="more"></inkling-pad>');
  await page.getByRole("textbox", { name: "Outer" }).focus();
  await expect(page.getByRole("textbox", { name: "Outer" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Inner" })).toHaveAccessibleDescription("As on the card");
});

test("disabled, by itself and by its fieldset", async ({ page }) => {
  await show(page, '<form><fieldset><inkling-pad name="a" digits="2" value="12"></inkling-pad></fieldset></form>');
  expect(await data(page)).toEqual({ a: "12" });
  for (const owner of ["fieldset", "inkling-pad"]) {
    await page.locator(owner).evaluate((element) => (element.disabled = true));
    await expect(pad(page).locator("input")).toBeDisabled();
    expect(await data(page)).toEqual({});
    expect((await validity(page)).willValidate).toBe(false);
    await writeNumber(pad(page), "3");
    expect(await pad(page).evaluate(({ strokes }) => strokes)).toEqual([]);
    await page.locator(owner).evaluate((element) => (element.disabled = false));
    await expect(pad(page).locator("input")).toBeEnabled();
  }
});

test("readonly: the value is sent but can't be changed", async ({ page }) => {
  await show(page, '<form><inkling-pad name="a" digits="2" value="12" readonly></inkling-pad></form>');
  await writeNumber(pad(page), "3");
  await pad(page).locator("input").focus();
  await page.keyboard.type("4");
  await expectValue(pad(page), "12");
  expect(await data(page)).toEqual({ a: "12" });
});

test("reset restores the attribute's value", async ({ page }) => {
  await show(page, '<form><inkling-pad name="a" digits="2" value="12"></inkling-pad><button type="reset">Reset</button></form>');
  await pad(page).evaluate((pad) => pad.clear());
  await writeNumber(pad(page), "34");
  await expectValue(pad(page), "34");
  await page.getByRole("button", { name: "Reset" }).click();
  await expectValue(pad(page), "12");
  expect(await pad(page).evaluate(({ strokes }) => strokes)).toEqual([]);
  await expect(pad(page).locator("input")).toHaveValue("12");
});

test("Back restores ink and value with the page", async ({ page }) => {
  await show(page, FORM);
  await writeNumber(pad(page), "42");
  await expectValue(pad(page), "42");
  const nStrokes = await pad(page).evaluate(({ strokes }) => strokes.length);
  await page.goto("about:blank");
  await page.goBack();
  await expectValue(pad(page), "42");
  expect(await pad(page).evaluate(({ strokes }) => strokes.length)).toBe(nStrokes);
});

test("a form elsewhere, selected by its id", async ({ page }) => {
  await show(page, '<form id="order"></form><inkling-pad form="order" name="n" value="5"></inkling-pad>');
  expect(await data(page)).toEqual({ n: "5" });
});

test("a form that is sent before the ink is recognised says so", async ({ page }) => {
  await page.route("**/engine-*", () => new Promise(() => {}));
  await show(page, FORM);
  await writeNumber(pad(page), "42");
  const { flags, message } = await validity(page);
  expect(flags).toContain("customError");
  expect(message).toContain("reading");
});
