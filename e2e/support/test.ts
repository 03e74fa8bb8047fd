import { test as base, expect } from "@playwright/test";
import { keepJournals } from "./journals.js";
import { Cdap } from "./cdap.js";
import { Quiesce } from "./process.js";
import { Relay } from "./relay.js";

interface Fixtures {
  /** The server, spoken to directly. */
  cdap: Cdap;
  /** What stands between the console and the server: its record of what was received, its switch. */
  relay: Relay;
  /** Further options of `quiesce serve`. */
  options: string[];
}

interface WorkerFixtures {
  /** The address of the server that the journeys run on. */
  upstream: string;
}

/** A test with a console of its own before a server; `baseURL` is the console. */
export const test = base.extend<Fixtures & { noSurprises: void }, WorkerFixtures>({
  upstream: [
    async ({}, use, info) => {
      if (info.project.name === "cdap") {
        await use(process.env.CDAP_URL as string);
        return;
      }
      const sandbox = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
      await use(sandbox.url);
      await sandbox.end();
    },
    { scope: "worker" },
  ],
  cdap: async ({ upstream }, use) => {
    await use(new Cdap(upstream));
  },
  relay: async ({ upstream }, use) => {
    const relay = await Relay.to(upstream);
    await use(relay);
    await relay.down();
  },
  options: [[], { option: true }],
  baseURL: async ({ relay, options }, use) => {
    const console = await Quiesce.start("serve", "--router", relay.url, "--listen", "127.0.0.1:0", ...options);
    await use(console.url);
    await console.end();
  },
  // A page that reports an error or a warning, breaks the content policy or asks another origin fails whatever it tests.
  noSurprises: [
    async ({ page, baseURL }, use, info) => {
      const surprises: string[] = [];
      page.on("pageerror", (error) => surprises.push(`error: ${error.message}`));
      page.on("console", (message) => {
        // A refused or failed request is logged by the browser itself; the console's answer to it is what is tested.
        // So is a header that means nothing without a secure context.
        const own = /Failed to load resource|Cross-Origin-Opener-Policy header has been ignored/;
        if (["error", "warning"].includes(message.type()) && !own.test(message.text())) {
          surprises.push(`console: ${message.text()}`);
        }
      });
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(baseURL ?? "") && !/^(data|blob):/.test(url)) surprises.push(`another origin: ${url}`);
      });
      await use();
      await keepJournals(page, info);
      expect(surprises).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
