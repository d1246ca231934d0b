// One contestant's page in a new browser context: its start, then one measurement after another.

import { readFileSync } from "node:fs";

const COLD = readFileSync(new URL("cold.js", import.meta.url), "utf8");
const CLIENT = readFileSync(new URL("client.js", import.meta.url), "utf8");
/** A measurement is abandoned after this long. */
const LIMIT_S = 90;

export class ContestantPage {
  constructor(context, page, host) {
    Object.assign(this, { context, page, host, fetched: new Set(), model: null });
    page.on("response", (response) => {
      const url = new URL(response.url());
      if (response.ok() && url.href.startsWith(host))
        this.fetched.add(url.pathname.slice(new URL(host).pathname.length));
    });
    this.complaints = [];
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("crash", () => this.complaints.push("the page crashed"));
  }

  /** Opens `path` with an empty cache and answers one image with M2. */
  static async open(browser, host, path, spec, image) {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const opened = new ContestantPage(context, await context.newPage(), host);
    try {
      await opened.page.addInitScript({ content: `${COLD};cold(${JSON.stringify({ spec, image })});` });
      const response = await opened.page.goto(host + path);
      if (!response.ok()) throw new Error(`${path.split("?")[0]} isn't there (${response.status()})`);
      await opened.#limited(opened.page.waitForFunction(() => window.cold, null, { timeout: 1000 * LIMIT_S }));
      opened.cold = await opened.#limited(opened.page.evaluate(() => window.cold));
      opened.firstFiles = [...opened.fetched];
      opened.model = spec.model;
      // An expression, which every Content-Security-Policy allows.
      await opened.page.evaluate(CLIENT);
      await opened.page.evaluate((url) => client.fetchDigits(url), `${host}digits.bin`);
      return opened;
    } catch (error) {
      const reason = oneLine(error);
      const why = opened.complaints.filter((text) => !reason.includes(text));
      await opened.close();
      throw new Error([reason, ...why].join("; "));
    }
  }

  async load(spec) {
    if (this.model === spec.model) return;
    this.model = null;
    await this.#limited(this.page.evaluate((given) => client.load(given), spec));
    this.model = spec.model;
  }

  /** Runs one function of client.js. */
  async call(name, ...args) {
    return this.#limited(this.page.evaluate(([name, args]) => client[name](...args), [name, args]));
  }

  close() {
    return this.context.close();
  }

  async #limited(work) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new TooLate(`no answer in ${LIMIT_S} s`)), 1000 * LIMIT_S);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      // The loser of the race must not end the driver.
      work.catch(() => {});
    }
  }
}

/** The page is still busy, so it can't answer anything else. */
export class TooLate extends Error {}

/** An error's text from the page, without Playwright's prefix and the stack. */
export function oneLine(error) {
  return error.message
    .split("\n")[0]
    .replace(/^(page|response)\.\w+: (Error: )?/, "")
    .slice(0, 300);
}
