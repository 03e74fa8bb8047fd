import { Cdap } from "./cdap.js";
import { Quiesce } from "./process.js";
import { Relay } from "./relay.js";
import { expect, test as base } from "./test.js";

/** The sandbox, with what no real server can be told: its faults. */
export class Sandbox extends Cdap {
  async fault(fault: Record<string, unknown>): Promise<void> {
    const answer = await fetch(`${this.url}/sandbox/faults`, { method: "POST", body: JSON.stringify(fault) });
    expect(answer.ok, await answer.text()).toBe(true);
  }

  async noFaults(): Promise<void> {
    await fetch(`${this.url}/sandbox/faults`, { method: "DELETE" });
  }
}

/** A test with a sandbox of its own, of a profile and with this number of additional applications. */
export const test = base.extend<{ profile: string; fleet: number; sandbox: Sandbox }>({
  profile: ["6.11.0", { option: true }],
  fleet: [0, { option: true }],
  sandbox: async ({ profile, fleet }, use) => {
    const options = ["--listen", "127.0.0.1:0", "--profile", profile, "--fleet", String(fleet)];
    const demo = await Quiesce.start("demo", ...options);
    await use(new Sandbox(demo.url));
    await demo.end();
  },
  relay: async ({ sandbox }, use) => {
    const relay = await Relay.to(sandbox.url);
    await use(relay);
    await relay.down();
  },
});

/** The same for journeys in which the browser reports what it can't load, as it must. */
export const withErrors = test.extend({
  noSurprises: async ({}, use) => {
    await use();
  },
});

export { expect };
