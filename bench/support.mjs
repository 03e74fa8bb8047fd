// What the measurements share: the browser, a demo with a fleet, and the watch over the page.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { chromium } = require("@playwright/test");
const binary = process.env.QUIESCE_BIN ?? new URL("../target/server/quiesce", import.meta.url).pathname;

/** Starts a demo of a binary with this many more applications; its address, and what ends it. */
export async function demo(fleet, of = binary) {
  const child = spawn(of, ["demo", "--listen", "127.0.0.1:0", "--fleet", String(fleet)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((ready, failed) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const match = /listening on (\S+)/.exec(said);
      if (match) ready(match[1].replace(/\/$/, ""));
    });
    child.once("exit", () => failed(new Error(said)));
  });
  return { url, end: () => child.kill("SIGTERM") };
}

/** Starts Chromium, with more arguments if need be. */
export function browser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-background-networking",
      ...more,
    ],
  });
}

/** A page that notes, from its first moment on, its long tasks and how long a frame waits after a key. */
export async function watched(browser) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.addInitScript(() => {
    window.__tasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.__tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
    window.__keys = [];
    setInterval(() => {
      const began = performance.now();
      document.body?.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", bubbles: true }));
      requestAnimationFrame(() => setTimeout(() => window.__keys.push(performance.now() - began)));
    }, 500);
  });
  return page;
}

/** The long tasks and the keys since the last time, in milliseconds. */
export async function taken(page) {
  return page.evaluate(() => ({ tasks: window.__tasks.splice(0), keys: window.__keys.splice(0) }));
}

/** The largest of some figures, without decimals; 0 if there are none. */
export const most = (numbers) => (numbers.length ? Math.max(...numbers) : 0).toFixed(0);
