import { defineConfig } from "@playwright/test";

const PORT = 4173;

// The machine may be offline or firewalled; nothing of Chromium's own should try to reach out.
export const ARGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const launchOptions = (args) => ({ executablePath: process.env.CHROMIUM, args: [...ARGS, ...args] });

export default defineConfig({
  testDir: "tests/browser",
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Each test waits half of its time, so two of them fill two cores.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    // Not at the root, since the app has to work from any sub-path.
    baseURL: `http://127.0.0.1:${PORT}/some/where/`,
    // Where a test makes a request fail, no cache may answer it. Offline use has its own tests.
    serviceWorkers: "block",
    viewport: { width: 1280, height: 800 },
    launchOptions: launchOptions([]),
  },
  projects: [
    { name: "cpu", testIgnore: /webgpu/ },
    // On the CPU through SwiftShader where there is no graphics card.
    {
      name: "webgpu",
      testMatch: /webgpu/,
      workers: 1,
      timeout: 300_000,
      use: { launchOptions: launchOptions(["--enable-unsafe-webgpu"]) },
    },
  ],
  webServer: [
    {
      command: `node tests/browser/server.mjs dist ${PORT} /some/where/`,
      url: `http://127.0.0.1:${PORT}/some/where/`,
    },
    // The widget's: pages that its tests make up, and the examples with the widget's own host.
    { command: `node tests/browser/widget/server.mjs ${PORT + 1}`, url: `http://127.0.0.1:${PORT + 1}/widget/inkling-pad.js` },
    { command: "node examples/serve.mjs", url: "http://127.0.0.1:4181/inkling-pad.js" },
  ],
});
