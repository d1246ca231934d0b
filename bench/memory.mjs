// Peak memory of a page and its workers, in MB: the high-water mark of Chromium's largest renderer process.

import { readFileSync } from "node:fs";

/** Returns null without /proc. Excludes the GPU process. */
export async function peakMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const peaks = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => highWaterMark(id));
    return peaks.length > 0 && peaks.every(Boolean) ? Math.max(...peaks) : null;
  } finally {
    await session.detach();
  }
}

function highWaterMark(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1000;
  } catch {
    return null;
  }
}
