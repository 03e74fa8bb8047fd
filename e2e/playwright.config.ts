import { defineConfig } from "@playwright/test";

// The journeys are the same on every target. `sandbox` starts its own servers; `cdap` needs one that runs and is
// seeded, and its address in CDAP_URL, and `secured` one with security in CDAP_SECURED_URL: `cargo xtask test` sees to
// that. `firefox` is one journey in another browser, on the sandbox.

// Those that sign in, and the one that needs a real server next to a sandbox.
const signsIn = /(session|sign-in)\.spec\.ts$/;
const mixed = /mixed-routers\.spec\.ts$/;
// Those that start a demo of their own: no real server can be told to be like that.
const sandboxOnly = /(base-path|demo|first-paint|first-requests|forbidden|forced-colors|\/gallery|large-text|read-only|\/routers|other-servers|palette-faults|parts|stop-fleet|\/tour|upgrade-(keyboard|odd)|accessibility|web-servers|zoom)\.spec\.ts$/;

const inFirefox = /firefox\.spec\.ts$/;

const projects = [
  { name: "sandbox", testIgnore: [mixed, inFirefox] },
  { name: "firefox", testMatch: inFirefox },
  ...(process.env.CDAP_URL ? [{ name: "cdap", testIgnore: [sandboxOnly, signsIn, mixed, inFirefox] }] : []),
  ...(process.env.CDAP_SECURED_URL ? [{ name: "secured", testMatch: [signsIn, mixed] }] : []),
];

export default defineConfig({
  testDir: "journeys",
  // One server, one page at a time: the journeys change what runs.
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  // A real-time pipeline of the real server takes up to a minute to start and two to drain.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: process.env.PLAYWRIGHT_JSON ?? "test-results/results.json" }]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A name of this machine that makes no secure context.
        "--host-resolver-rules=MAP quiesce.test 127.0.0.1",
      ],
    },
  },
  projects,
});
