// Chromium, and a page in it whose processor and line can be slowed.
import { createRequire } from "node:module";
import { watch } from "./watch.mjs";

const require = createRequire(new URL("../../e2e/package.json", import.meta.url));
const { chromium } = require("@playwright/test");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
      // For the heap.
      "--enable-precise-memory-info",
    ],
  });
}

/** The line that `megabits` stands for has this latency, in milliseconds. */
export const LATENCY = 60;

/** A page in a fresh context, which watches itself from its first moment on. */
export async function open(browser, { slow = 1, megabits = 0, timeout = 300_000 } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  const devtools = await context.newCDPSession(page);
  if (slow > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: slow });
  if (megabits) {
    const bytes = (megabits * 1e6) / 8;
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: LATENCY,
      downloadThroughput: bytes,
      uploadThroughput: bytes,
    });
  }
  await page.addInitScript(watch);
  return { page, devtools, close: () => context.close() };
}

/** Heap of a page in MB, with the memory of its WebAssembly, after a collection. */
export async function heap({ page, devtools }) {
  await devtools.send("HeapProfiler.collectGarbage");
  const bytes = await page.evaluate(
    () => performance.memory.usedJSHeapSize + (window.bench.memory?.buffer.byteLength ?? 0),
  );
  return bytes / 1e6;
}

/** The time that the main thread of a page has worked, in milliseconds. */
export async function worked({ devtools }) {
  await devtools.send("Performance.enable");
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1_000;
}
