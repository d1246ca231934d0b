// Storage in the browser: it survives a reload, tabs are told of each other's changes, and no failure loses anything.

import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

const POLICY = readFileSync("dist/index.html", "utf8").match(/<meta http-equiv="Content-Security-Policy"[^>]*>/)[0];
const VAULT = readFileSync("web/vault.js", "utf8");

/** The vault of a later Inkling, with one more upgrade step and one more store. */
const LATER = VAULT.replace("const VERSION = 1;", "const VERSION = 2;").replace(
  /(export function upgrade\(db, oldVersion\) \{\n)([^]*?\n)\}/,
  `$1$2  if (oldVersion < 2) db.createObjectStore("symbols", { keyPath: "id" });\n}`,
);

test.beforeEach(({ context }) => prepare(context));

/** A page with the app's origin and policy that does nothing by itself. */
async function prepare(context) {
  await context.route("**/quiet.html", (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><html lang="en">${POLICY}<title>Quiet</title></html>` }),
  );
}

/** Opens a tab with its vault as `vault` and its changes in `changes`; returns what `open` answers. */
async function openVault(page) {
  await page.goto("./quiet.html");
  return page.evaluate(async () => {
    globalThis.vault = await import(new URL("vault.js", document.baseURI));
    globalThis.changes = [];
    vault.onChange((change) => changes.push(change));
    return vault.open();
  });
}

/** Returns the result of a call to the vault, or the message of its error. */
function call(page, name, ...values) {
  return page.evaluate(
    ([name, values]) => vault[name](...values).catch((error) => (error instanceof Error ? error.message : "no Error")),
    [name, values],
  );
}

const changes = (page) => page.evaluate(() => changes);
const ids = async (page, store = "samples") => (await call(page, "all", store)).map(({ id }) => id);
const KEPT = { isKept: true, why: "" };

test("stored values survive a reload, and removed ones do not", async ({ page }) => {
  expect(await openVault(page)).toEqual(KEPT);
  const drawing = { id: "b", label: 3, strokes: [[[0.5, 1.5, 2]]] };
  expect(await call(page, "put", "samples", [drawing, { id: "a" }, { id: "c" }])).toBeUndefined();
  await page.evaluate(() => vault.put("networks", [{ id: "pen@1", bytes: new Uint8Array([1, 2, 3]) }]));
  expect(await openVault(page)).toEqual(KEPT);
  expect(await call(page, "all", "samples")).toEqual([{ id: "a" }, drawing, { id: "c" }]);
  expect(await page.evaluate(async () => [...(await vault.all("networks"))[0].bytes])).toEqual([1, 2, 3]);
  await call(page, "put", "samples", [{ id: "b", label: 8 }]);
  await call(page, "remove", "samples", ["a", "c"]);
  await openVault(page);
  expect(await call(page, "all", "samples")).toEqual([{ id: "b", label: 8 }]);
  expect(await ids(page, "networks")).toEqual(["pen@1"]);
});

test("clearing deletes everything for good", async ({ page }) => {
  await openVault(page);
  for (const store of ["samples", "networks", "settings"]) await call(page, "put", store, [{ id: "a" }, { id: "b" }]);
  await call(page, "clear");
  for (const reload of [false, true]) {
    if (reload) await openVault(page);
    for (const store of ["samples", "networks", "settings"]) expect(await ids(page, store)).toEqual([]);
  }
});

test("the browser is asked once for persistent storage, and only after something is stored", async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.asked = 0;
    StorageManager.prototype.persist = () => Promise.reject(new Error(`refusal ${(asked += 1)}`));
  });
  const broken = [];
  page.on("pageerror", (error) => broken.push(error.message));
  await openVault(page);
  expect(await page.evaluate(() => asked)).toBe(0);
  await call(page, "put", "samples", [{ id: "a" }]);
  await call(page, "put", "samples", [{ id: "b" }]);
  expect(await page.evaluate(() => asked)).toBe(1);
  expect(await ids(page)).toEqual(["a", "b"]);
  expect(broken).toEqual([]);
});

test("a tab is told about the changes of others, and never about its own", async ({ page, context }) => {
  const other = await context.newPage();
  await openVault(page);
  await openVault(other);
  await call(other, "put", "samples", [{ id: "a" }]);
  await expect.poll(() => changes(page)).toEqual([{ stores: ["samples"], isOutdated: false }]);
  expect(await ids(page)).toEqual(["a"]);
  await call(other, "remove", "samples", ["a"]);
  await call(other, "clear");
  await expect.poll(async () => (await changes(page)).map(({ stores }) => stores)).toEqual([
    ["samples"],
    ["samples"],
    ["samples", "networks", "settings"],
  ]);
  await call(page, "put", "settings", [{ id: "pen" }]);
  await expect.poll(() => changes(other)).toEqual([{ stores: ["settings"], isOutdated: false }]);
});

test("other tabs are not told about failed changes", async ({ page, context }) => {
  const other = await context.newPage();
  await openVault(page);
  await openVault(other);
  await other.evaluate(() => vault.put("samples", [{ id: "a", of: () => 1 }]).catch(() => {}));
  await call(other, "put", "settings", [{ id: "last" }]);
  await expect.poll(() => changes(page)).toEqual([{ stores: ["settings"], isOutdated: false }]);
});

for (const [name, breakIt] of [
  ["is not there", () => Object.defineProperty(globalThis, "indexedDB", { value: undefined })],
  [
    "is refused",
    () => Object.defineProperty(globalThis, "indexedDB", { get: () => { throw new DOMException("no", "SecurityError"); } }),
  ],
  [
    "cannot be opened",
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("no", "InvalidStateError");
      };
    },
  ],
]) {
  test(`if storage ${name}, everything lasts for the visit, and a sentence says so`, async ({ page }) => {
    await page.addInitScript(breakIt);
    const { isKept, why } = await openVault(page);
    expect(isKept).toBe(false);
    expect(why).toMatch(/doesn’t save anything for this page.*lasts until you close the page\. Export it to keep it\.$/);
    const value = { id: "b", strokes: [[1, 2]] };
    await call(page, "put", "samples", [value, { id: "a" }, { id: "c" }]);
    await call(page, "remove", "samples", ["c"]);
    expect(await call(page, "all", "samples")).toEqual([{ id: "a" }, value]);
    // It is all or none here too. Changing a value after storing or reading it doesn't change the stored one.
    await page.evaluate(async () => {
      const given = { id: "d", strokes: [1] };
      await vault.put("samples", [given]);
      given.strokes.push(2);
      (await vault.all("samples"))[0].id = "z";
      await vault.put("samples", [{ id: "e" }, { id: "f", of: () => 1 }]).catch(() => {});
    });
    expect((await call(page, "all", "samples")).at(-1)).toEqual({ id: "d", strokes: [1] });
    expect(await ids(page)).toEqual(["a", "b", "d"]);
    await call(page, "clear");
    expect(await ids(page)).toEqual([]);
  });
}

test("if a part of the page cannot be fetched, everything lasts for the visit", async ({ page }) => {
  await page.route("**/idb/index.js", (route) => route.abort());
  expect((await openVault(page)).why).toContain("could not be fetched");
  await call(page, "put", "samples", [{ id: "a" }]);
  expect(await ids(page)).toEqual(["a"]);
});

const FULL = /no space left for more drawings\. Export what you have, or delete some of it\. Nothing that was already saved is lost\.$/;

test("a full disk is reported, keeps what was there, and takes more once there is room", async ({ page, context, baseURL }) => {
  const { origin } = new URL(baseURL);
  const cdp = await context.newCDPSession(page);
  // Set this before storing anything, since Chromium caches for a while how much room there is.
  await cdp.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  await openVault(page);
  await call(page, "put", "samples", [{ id: "a", label: 1 }]);
  const big = () =>
    page.evaluate(() => {
      const bytes = crypto.getRandomValues(new Uint8Array(50_000));
      const values = Array.from({ length: 100 }, (_, i) => ({ id: `big-${i}`, bytes }));
      return vault.put("samples", [{ id: "a", label: 2 }, ...values]).then(() => "", (error) => error.message);
    });
  expect(await big()).toMatch(FULL);
  expect(await call(page, "all", "samples")).toEqual([{ id: "a", label: 1 }]);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin });
  expect(await big()).toBe("");
  expect(await ids(page)).toHaveLength(101);
});

for (const [when, says] of [
  // The call to `put` throws, as it does for a value that cannot be copied.
  ["at once", FULL],
  // The whole transaction is aborted after the call.
  ["later", /Nothing that was saved has changed/],
]) {
  test(`a transaction that fails half-way, ${when}, leaves no trace`, async ({ page }) => {
    await openVault(page);
    await call(page, "put", "samples", [{ id: "a", label: 1 }]);
    await page.evaluate((when) => {
      globalThis.real = IDBObjectStore.prototype.put;
      let n = 0;
      IDBObjectStore.prototype.put = function (...values) {
        n += 1;
        if (n === 2 && when === "at once") throw new DOMException("full", "QuotaExceededError");
        const request = real.apply(this, values);
        if (n === 2) this.transaction.abort();
        return request;
      };
    }, when);
    expect(await call(page, "put", "samples", [{ id: "a", label: 2 }, { id: "b" }, { id: "c" }])).toMatch(says);
    await page.evaluate(() => (IDBObjectStore.prototype.put = real));
    expect(await call(page, "all", "samples")).toEqual([{ id: "a", label: 1 }]);
    expect(await call(page, "put", "samples", [{ id: "b" }])).toBeUndefined();
    await openVault(page);
    expect(await ids(page)).toEqual(["a", "b"]);
  });
}

test("if one value cannot be stored, none of them is", async ({ page }) => {
  await openVault(page);
  const says = await page.evaluate(() =>
    vault.put("samples", [{ id: "a" }, { id: "b", of: () => 1 }]).catch((error) => error.message),
  );
  expect(says).toContain("Nothing that was saved has changed");
  expect(await call(page, "put", "samples", [{ id: "a" }, { label: 1 }])).toContain("without an id");
  expect(await ids(page)).toEqual([]);
});

test("a database of an earlier version is upgraded with all its data", async ({ page }) => {
  await openVault(page);
  await call(page, "put", "samples", [{ id: "a", label: 4 }]);
  expect(LATER).not.toBe(VAULT);
  await page.route("**/vault.js", (route) => route.fulfill({ body: LATER, contentType: "text/javascript" }));
  expect(await openVault(page)).toEqual(KEPT);
  expect(await call(page, "all", "samples")).toEqual([{ id: "a", label: 4 }]);
  const names = await page.evaluate(
    () => new Promise((resolve) => (indexedDB.open("inkling").onsuccess = ({ target }) => resolve([...target.result.objectStoreNames]))),
  );
  expect(names).toEqual(["networks", "samples", "settings", "symbols"]);
});

test("a database of a later version stays unchanged, and a sentence says what to do", async ({ page }) => {
  await page.route("**/vault.js", (route) => route.fulfill({ body: LATER, contentType: "text/javascript" }));
  await openVault(page);
  await call(page, "put", "samples", [{ id: "a", label: 4 }]);
  await page.unroute("**/vault.js");
  const { isKept, why } = await openVault(page);
  expect(isKept).toBe(false);
  expect(why).toMatch(/newer version of Inkling.*Reload the page.*Nothing is lost/);
  await call(page, "put", "samples", [{ id: "b" }]);
  await call(page, "clear");
  await page.route("**/vault.js", (route) => route.fulfill({ body: LATER, contentType: "text/javascript" }));
  await openVault(page);
  expect(await call(page, "all", "samples")).toEqual([{ id: "a", label: 4 }]);
});

test("a tab lets a newer version in, and asks to be reloaded", async ({ page, context }) => {
  await openVault(page);
  await call(page, "put", "samples", [{ id: "a" }]);
  const newer = await context.newPage();
  await newer.route("**/vault.js", (route) => route.fulfill({ body: LATER, contentType: "text/javascript" }));
  expect(await openVault(newer)).toEqual(KEPT);
  expect((await changes(page)).at(-1).isOutdated).toBe(true);
  for (const [name, ...values] of [["put", "samples", [{ id: "b" }]], ["remove", "samples", ["a"]], ["clear"], ["all", "samples"]]) {
    expect(await call(page, name, ...values)).toContain("Reload this page");
  }
  expect(await ids(newer)).toEqual(["a"]);
});

test("if a tab does not close its connection, a sentence says which tab to close", async ({ page, context }) => {
  const stubborn = await context.newPage();
  await openVault(stubborn);
  await call(stubborn, "put", "samples", [{ id: "a" }]);
  await stubborn.goto("./quiet.html");
  await stubborn.evaluate(
    () => new Promise((resolve) => (indexedDB.open("inkling", 1).onsuccess = ({ target }) => resolve((globalThis.held = target.result).version))),
  );
  await page.route("**/vault.js", (route) => route.fulfill({ body: LATER, contentType: "text/javascript" }));
  const { isKept, why } = await openVault(page);
  expect(isKept).toBe(false);
  expect(why).toContain("older version of Inkling");
  await stubborn.close();
  expect(await openVault(page)).toEqual(KEPT);
  expect(await ids(page)).toEqual(["a"]);
});

test("a connection that the browser has closed is reopened", async ({ page }) => {
  await page.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    globalThis.connections = [];
    IDBFactory.prototype.open = function (...values) {
      const request = open.apply(this, values);
      request.addEventListener("success", () => connections.push(request.result));
      return request;
    };
  });
  await openVault(page);
  await call(page, "put", "samples", [{ id: "a" }]);
  await page.evaluate(() => connections.forEach((connection) => connection.close()));
  expect(await ids(page)).toEqual(["a"]);
  await page.evaluate(() => connections.forEach((connection) => connection.close()));
  expect(await call(page, "put", "samples", [{ id: "b" }])).toBeUndefined();
  expect(await ids(page)).toEqual(["a", "b"]);
});

test("a database that is deleted while in use is created again, and the page is told", async ({ page, context }) => {
  await openVault(page);
  await call(page, "put", "samples", [{ id: "a" }]);
  const other = await context.newPage();
  await other.goto("./quiet.html");
  await other.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase("inkling").onsuccess = () => resolve())));
  expect((await changes(page)).at(-1)).toEqual({ stores: ["samples", "networks", "settings"], isOutdated: false });
  expect(await ids(page)).toEqual([]);
  expect(await call(page, "put", "samples", [{ id: "b" }])).toBeUndefined();
  expect(await ids(page)).toEqual(["b"]);
});

test("one tab works at a time, and the others know", async ({ page, context }) => {
  const other = await context.newPage();
  await openVault(page);
  await openVault(other);
  expect(await call(page, "isLocked", "training")).toBe(false);
  await page.evaluate(() => {
    globalThis.trained = vault.lock("training", () => new Promise((resolve) => (globalThis.finish = resolve)));
  });
  expect(await call(page, "isLocked", "training")).toBe(true);
  expect(await call(other, "isLocked", "training")).toBe(true);
  expect(await call(other, "isLocked", "else")).toBe(false);
  const refused = await other.evaluate(() => vault.lock("training", async () => "done").catch((error) => error.message));
  expect(refused).toContain("Another tab of Inkling is already doing this");
  expect(await page.evaluate(() => (finish("taught"), trained))).toBe("taught");
  const done = () => other.evaluate(() => vault.lock("training", async () => "done").catch((error) => error.message));
  await expect.poll(done).toBe("done");
  // A tab that is closed in the middle releases the lock as well, and so does work that fails.
  await page.evaluate(() => void vault.lock("training", () => new Promise(() => {})));
  expect(await call(other, "isLocked", "training")).toBe(true);
  await page.close();
  await expect.poll(() => call(other, "isLocked", "training")).toBe(false);
  const failed = () => other.evaluate(() => vault.lock("training", () => Promise.reject(new Error("out of ink"))).catch((e) => e.message));
  expect(await failed()).toBe("out of ink");
  await expect.poll(done).toBe("done");
});

test("a file is saved with its name and content", async ({ page }) => {
  await openVault(page);
  const downloaded = page.waitForEvent("download");
  await page.evaluate(() => vault.save("my hand.json", ["{}", new Uint8Array([0x0a])], "application/json"));
  const download = await downloaded;
  expect(download.suggestedFilename()).toBe("my hand.json");
  expect(readFileSync(await download.path(), "utf8")).toBe("{}\n");
});
