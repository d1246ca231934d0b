// dist/widget/ is small, complete, and matches its own descriptions.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, existsSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";

const WIDGET = "dist/widget";
const read = (file) => readFileSync(join(WIDGET, file), "utf8");
const description = JSON.parse(read("package.json"));
const files = readdirSync(WIDGET, { recursive: true }).map((file) => file.replaceAll("\\", "/"));
const assets = files.find((file) => /^[0-9a-f]{12}$/.test(file));

test("package.json names existing files", () => {
  expect(description).toMatchObject({ name: "inkling-pad", type: "module", customElements: "custom-elements.json" });
  const named = [description.types, ...Object.values(description.exports).flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)))];
  for (const file of named) expect(existsSync(join(WIDGET, file)), file).toBe(true);
  for (const file of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "NOTICE.md"]) expect(files).toContain(file);
  expect(description.files).toContain(assets);
  const { version } = description;
  expect(readFileSync("Cargo.toml", "utf8")).toContain(`\nversion = "${version}"\n`);
});

test("npm would pack all of it", () => {
  const [{ files: packed }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--offline"], { cwd: WIDGET, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  const paths = packed.map(({ path }) => path);
  for (const file of files.filter((file) => /\.\w+$/.test(file) && !file.endsWith("package.json"))) expect(paths).toContain(file);
});

test("the entry has at most 15,000 bytes, and compressed files unpack to the originals", () => {
  expect(readFileSync(join(WIDGET, "inkling-pad.js.br")).length).toBeLessThanOrEqual(15_000);
  for (const file of files.filter((file) => file.endsWith(".br"))) {
    const plain = readFileSync(join(WIDGET, file.slice(0, -3)));
    expect(brotliDecompressSync(readFileSync(join(WIDGET, file))).equals(plain), file).toBe(true);
    expect(gunzipSync(readFileSync(join(WIDGET, file.replace(/br$/, "gz")))).equals(plain), file).toBe(true);
  }
  expect(files).toContain(`${assets}/engine-gpu_bg.wasm.br`);
});

test("the manifest lists exactly the networks that are shipped", () => {
  const { models } = JSON.parse(read(`${assets}/weights/manifest.json`));
  expect(models.map(({ id }) => id)).toEqual(["pen", "pen-small", "tiny-bn", "embedding"]);
  const shipped = files.filter((file) => file.endsWith(".safetensors")).map((file) => file.split("/").pop());
  expect(shipped.sort()).toEqual(models.map(({ file }) => file).sort());
});

test("the types work for importing code", () => {
  const folder = mkdtempSync(join(tmpdir(), "inkling-types-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve(WIDGET), join(folder, "node_modules/inkling-pad"));
    writeFileSync(
      join(folder, "use.mts"),
      `import { InklingPad, createRecognizer } from "inkling-pad";
       import { createRecognizer as alone } from "inkling-pad/recognizer";
       const pad: InklingPad = document.createElement("inkling-pad");
       pad.digits = 4;
       const value: string = pad.value;
       const recognizer = await createRecognizer({ backend: "flex" });
       const reading = await recognizer.recognize([[[0, 0], [1, 1]]], { digits: 2 });
       const confidence: number = reading.digits[0].confidence;
       // @ts-expect-error there is no such backend
       await alone({ backend: "abacus" });
       export { value, confidence };`,
    );
    for (const module of [["--module", "nodenext"], ["--module", "esnext", "--moduleResolution", "bundler"]]) {
      const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2024,dom,dom.iterable", "--types", "", ...module];
      const tsc = resolve("node_modules/typescript/bin/tsc");
      execFileSync(process.execPath, [tsc, ...options, "use.mts"], { cwd: folder, stdio: "pipe", encoding: "utf8" });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a server can import it for rendering", () => {
  execFileSync(process.execPath, ["--input-type=module", "--eval", `await import(${JSON.stringify(resolve(WIDGET, "inkling-pad.js"))})`]);
});

test("custom-elements.json and README name exactly what the element has", async ({ page }) => {
  const manifest = JSON.parse(read("custom-elements.json"));
  const readme = read("README.md");
  const declaration = manifest.modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === "inkling-pad");
  const names = (list) => list.map(({ name }) => name).sort();
  const unique = (list) => [...new Set(list)].sort();
  const source = readdirSync("web/pad").filter((file) => file.endsWith(".ts")).map((file) => readFileSync(join("web/pad", file), "utf8")).join("\n");

  await page.goto("./widget/package.json");
  const { attributes, parts, members } = await page.evaluate(async (entry) => {
    await import(entry);
    const Pad = customElements.get("inkling-pad");
    const pad = new Pad();
    document.body.append(pad);
    const parts = [...pad.shadowRoot.querySelectorAll("[part]")].flatMap(({ part }) => [...part]);
    const members = Object.getOwnPropertyNames(Pad.prototype).filter((name) => !/Callback$|^constructor$/.test(name));
    return { attributes: Pad.observedAttributes, parts, members };
  }, `${test.info().project.use.baseURL}widget/inkling-pad.js`);

  const standard = ["lang", "aria-label", "aria-describedby"];
  expect(names(declaration.attributes)).toEqual(unique(attributes.filter((name) => !standard.includes(name))));
  expect(names(declaration.cssParts)).toEqual(unique(parts));
  expect(names(declaration.cssProperties)).toEqual(unique(source.match(/--inkling-[a-z-]+/g)));
  expect(names(declaration.events).filter((name) => name.startsWith("inkling-"))).toEqual(unique(source.match(/"inkling-(?!pad)[a-z]+"/g).map((name) => name.slice(1, -1))));
  expect(names(declaration.members)).toEqual(unique(members));
  for (const list of ["attributes", "cssParts", "cssProperties", "events", "members"]) {
    for (const { name } of declaration[list]) expect(readme, `the README on ${name}`).toContain(name);
  }
  for (const code of source.match(/export type Code =[^;]+/)[0].match(/\| "([a-z-]+)"/g)) expect(readme).toContain(`\`${code.slice(3, -1)}\``);
});
