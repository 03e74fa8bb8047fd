import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { CookieProxy } from "../support/cookie-proxy.js";
import { Quiesce } from "../support/process.js";
import { expect, test as base } from "../support/test.js";

/** A console behind a proxy that authenticates by a cookie. */
const test = base.extend<{ refusal: "redirect" | "401"; cookieProxy: CookieProxy }>({
  refusal: ["redirect", { option: true }],
  cookieProxy: async ({ relay, refusal }, use) => {
    // A proxy whose Host is that of the browser.
    const console = await Quiesce.start("serve", "--router", relay.url, "--listen", "127.0.0.1:0", "--allow-host", "127.0.0.1");
    const proxy = await CookieProxy.before(console.url, refusal);
    await use(proxy);
    await proxy.end();
    await console.end();
  },
  baseURL: async ({ cookieProxy }, use) => {
    await use(cookieProxy.url);
  },
});

for (const refusal of ["redirect", "401"] as const) {
  test.describe(`a proxy that answers with ${refusal} without its cookie`, () => {
    test.use({ refusal });

    test("lets the page of a signed-in browser load its lists, and the router receives no cookie", async ({ page, relay, cookieProxy }) => {
      await page.goto("/proxy/sign-in");
      const console = new Console(page);
      await console.openPrograms();
      await expect(console.row(poller)).toBeVisible();
      await console.openProgram(poller);
      await expect(page.getByRole("table", { name: "Runs" })).toBeVisible();
      expect(cookieProxy.turnedAway).toBe(0);
      expect(relay.exchanges.length).toBeGreaterThan(0);
      expect(relay.exchanges.filter((it) => it.headers.cookie !== undefined)).toEqual([]);
    });
  });
}

test("the end of the session at the proxy is an outage, which ends with the next sign-in there", async ({ page, cookieProxy }) => {
  await page.goto("/proxy/sign-in");
  const console = new Console(page);
  await console.openPrograms();
  await expect(console.row(poller)).toBeVisible();
  cookieProxy.endSessions();
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(page.getByText(/does not answer/).first()).toBeVisible();

  const other = await page.context().newPage();
  await other.goto("/proxy/sign-in");
  await other.close();
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByText(/does not answer/)).toHaveCount(0);
  await expect(console.row(poller)).toBeVisible();
});
