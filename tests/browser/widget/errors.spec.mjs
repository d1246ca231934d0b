// Whatever fails, the page keeps working, the field accepts typed digits, an event gives the reason, and the console
// has one line.

import { expect, test } from "@playwright/test";
import { SEVEN } from "../inkling.mjs";
import { ELSEWHERE, expectValue, heard, show, trouble, write } from "./pad.mjs";

const pad = (page) => page.locator("inkling-pad");

/** Opens a page whose pad can't recognise, and checks how it fails. Returns the sentence that says why. */
async function expectTrouble(page, code, options, body = "<inkling-pad digits=2></inkling-pad>") {
  const said = await show(page, body, options);
  await expect(pad(page).locator('[part~="status"]')).not.toBeEmpty({ timeout: 60_000 });
  const { detail } = (await heard(page, "inkling-error")).at(-1);
  expect(detail.code).toMatch(code);
  expect(detail.message).toMatch(/^[A-Z]/);
  await write(pad(page), [SEVEN]);
  await pad(page).locator("input").fill("42");
  await expectValue(pad(page), "42");
  expect(await pad(page).evaluate((pad) => pad.checkValidity())).toBe(true);
  expect(said.warnings).toEqual([expect.stringContaining(detail.message)]);
  expect(said.errors).toEqual([]);
  return detail.message;
}

const lacking = {
  "all but the script": `default-src 'none'; script-src ${ELSEWHERE}`,
  "WebAssembly": `default-src 'none'; script-src ${ELSEWHERE}; connect-src ${ELSEWHERE}; worker-src blob:`,
  "fetching": `default-src 'none'; script-src ${ELSEWHERE} 'wasm-unsafe-eval'; worker-src blob:`,
  "workers": `default-src 'none'; script-src ${ELSEWHERE} 'wasm-unsafe-eval'; connect-src ${ELSEWHERE}`,
};
lacking["a policy of Trusted Types"] = "require-trusted-types-for 'script'; trusted-types other";
for (const [what, policy] of Object.entries(lacking)) {
  test(`a policy that forbids ${what}`, async ({ page }) => {
    const message = await expectTrouble(page, /^blocked$/, { widget: ELSEWHERE, headers: { "content-security-policy": policy } });
    expect(message).toContain("Content-Security-Policy");
  });
}

test("no network for the files that are loaded later", async ({ page }) => {
  await page.route(/\/[0-9a-f]{12}\//, (route) => route.abort());
  await expectTrouble(page, /^network$/);
});

test("no network for the engine", async ({ page }) => {
  await page.route("**/engine-*", (route) => route.abort());
  await expectTrouble(page, /^(network|engine)$/);
});

test("no weights", async ({ page }) => {
  await page.route("**/weights/*.safetensors", (route) => route.fulfill({ status: 404, body: "" }));
  await expectTrouble(page, /^(network|weights)$/);
});

test("damaged weights", async ({ page }) => {
  await page.route("**/weights/*.safetensors", (route) => route.fulfill({ body: "nonsense" }));
  await expectTrouble(page, /^weights$/);
});

for (const missing of ["Worker", "WebAssembly"]) {
  test(`a browser without ${missing}`, async ({ page }) => {
    await page.addInitScript((name) => delete globalThis[name], missing);
    await expectTrouble(page, /^(engine|unsupported)$/);
  });
}

test("an unknown network: the message lists the available ones, and the default is used", async ({ page }) => {
  await show(page, "<inkling-pad model=oracle></inkling-pad>");
  const { code, message } = await trouble(page);
  expect(code).toBe("model");
  for (const name of ["oracle", "pen-small"]) expect(message).toContain(name);
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("an unknown backend", async ({ page }) => {
  const message = await expectTrouble(page, /^attribute$/, {}, "<inkling-pad digits=2 backend=abacus></inkling-pad>");
  expect(message).toContain("abacus");
});

test("invalid attributes are reported, and everything else works", async ({ page }) => {
  const { warnings } = await show(page, '<inkling-pad digits="99" min-digits="x" pen-width="-3" theme="plaid" loading="never"></inkling-pad>');
  await expect.poll(() => warnings.length).toBe(5);
  const told = (await heard(page, "inkling-error")).map(({ detail }) => `${detail.code}: ${detail.message}`);
  for (const attribute of ["digits", "min-digits", "pen-width", "theme", "loading"]) {
    expect(told.filter((text) => text.startsWith(`attribute: ${attribute}=`))).toHaveLength(1);
  }
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("WebGPU where there is none: it is reported, and the CPU is used", async ({ page }) => {
  await show(page, '<inkling-pad backend="webgpu"></inkling-pad>');
  expect((await trouble(page)).code).toBe("no-webgpu");
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("symbols that can't be fetched: it is reported, and digits are recognised", async ({ page }) => {
  await show(page, '<inkling-pad symbols="/nowhere.json"></inkling-pad>');
  expect(await trouble(page)).toMatchObject({ code: "symbols", message: expect.stringContaining("404") });
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
});

test("once the network is back, the next drawing is recognised", async ({ page }) => {
  const later = /\/[0-9a-f]{12}\//;
  await page.route(later, (route) => route.abort());
  await show(page, "<inkling-pad></inkling-pad>");
  expect((await trouble(page)).code).toBe("network");
  await page.unroute(later);
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
  await expect(pad(page).locator('[part~="status"]')).toBeEmpty();
});

test("a worker that crashes is restarted", async ({ page }) => {
  await show(page, '<inkling-pad backend="flex"></inkling-pad>');
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
  const [worker] = page.workers();
  await worker.evaluate(() => setTimeout(() => { throw new Error("gone"); }));
  await expect.poll(() => page.workers().some((other) => other !== worker)).toBe(true);
  await expect.poll(() => heard(page, "inkling-error")).not.toHaveLength(0);
  await pad(page).evaluate((pad) => pad.clear());
  await write(pad(page), [SEVEN]);
  await expectValue(pad(page), "7");
  for (const { detail } of await heard(page, "inkling-error")) expect(detail.code).toBe("engine");
});

test("ready rejects with the code, whether it is read before or after the failure", async ({ page }) => {
  await show(page, '<inkling-pad loading="manual"></inkling-pad>');
  const codes = await pad(page).evaluate(async (pad) => {
    const code = () => pad.ready.then(() => "ready", (error) => error.code);
    const before = code();
    pad.backend = "abacus";
    pad.loading = "eager";
    await before;
    const pending = new Promise((resolve) => setTimeout(resolve, 2000, "pending"));
    return [await before, await Promise.race([code(), pending])];
  });
  expect(codes).toEqual(["attribute", "attribute"]);
});
