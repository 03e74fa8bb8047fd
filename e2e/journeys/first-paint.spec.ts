import { expect, test as base } from "@playwright/test";
import { Quiesce } from "../support/process.js";

// What is seen when the application does not run. The page reports errors then, as it must.
const test = base.extend<object, { url: string }>({
  url: [
    async ({}, use) => {
      const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
      await use(demo.url);
      await demo.end();
    },
    { scope: "worker" },
  ],
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says that it needs it", async ({ page, url }) => {
    await page.goto(url);
    // Playwright finds no text in `noscript`.
    await expect(page.locator("noscript p")).toContainText("Quiesce needs JavaScript.");
    await expect(page.locator("noscript p")).toBeVisible();
    await expect(page.getByRole("progressbar")).toBeHidden();
  });
});

test("without WebAssembly the page says that it needs it", async ({ page, url }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  await page.goto(url);
  await expect(page.getByRole("alert")).toContainText("This browser has no WebAssembly.");
  await expect(page.getByRole("progressbar")).toBeHidden();
});

test("a page that was not loaded whole says so, and can be loaded again", async ({ page, url }) => {
  // As with a mixture of two versions: the program is of another than the page.
  await page.addInitScript(() => {
    const broken = () => Promise.reject(new Error("not this version"));
    Object.assign(WebAssembly, { instantiateStreaming: broken, instantiate: broken });
  });
  await page.goto(url);
  await expect(page.getByRole("alert")).toContainText("Quiesce did not start.");
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(page.getByRole("alert")).toContainText("Quiesce did not start.");
});
