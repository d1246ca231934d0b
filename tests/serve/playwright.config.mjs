import { defineConfig } from "@playwright/test";
import { ARGS } from "../../playwright.config.mjs";

// A few lines of code and most of Burn may have to be compiled first.
const BUILD_MS = 40 * 60_000;

export default defineConfig({
  testDir: ".",
  timeout: BUILD_MS,
  expect: { timeout: 60_000 },
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env.CHROMIUM, args: ARGS },
  },
});
