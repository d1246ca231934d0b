// Downloads must not grow unnoticed. Sizes are of brotli-compressed files, which is what most hosts send.

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { brotliCompressSync } from "node:zlib";

const { files, firstAnswer } = JSON.parse(readFileSync("budgets.json", "utf8"));
const names = readdirSync("dist", { recursive: true });

function size(pattern) {
  const found = names.filter((name) => new RegExp(`^${pattern}$`).test(name));
  expect(found, `${pattern} is no longer in dist; correct budgets.json`).toHaveLength(1);
  return brotliCompressSync(readFileSync(`dist/${found[0]}`)).length;
}

for (const [pattern, budget] of Object.entries(files)) {
  test(`${pattern} stays within ${budget} bytes`, () => {
    expect(size(pattern)).toBeLessThanOrEqual(budget);
  });
}

test("page, CPU engine and weights stay within the budget of a first answer", () => {
  const sum = firstAnswer.files.map(size).reduce((a, b) => a + b);
  expect(sum).toBeLessThanOrEqual(firstAnswer.budget);
});
