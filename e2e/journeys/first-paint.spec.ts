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

// The code of a function that is all of a module: `unreachable`, with which a panic ends, or a call of itself.
const faults = {
  "by a panic in a listener": { code: [0], inPromise: false, message: "unreachable" },
  "by a panic in a promise": { code: [0], inPromise: true, message: "unreachable" },
  "by calls without end": { code: [0x10, 0], inPromise: false, message: "Maximum call stack size exceeded" },
};

const fail = ({ code, inPromise }: { code: number[]; inPromise: boolean }) => {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const sections = [[1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [7, 5, 1, 1, 0x66, 0, 0], [10, code.length + 4, 1, code.length + 2, 0, ...code, 0x0b]];
  const module = new WebAssembly.Module(new Uint8Array([...header, ...sections.flat()]));
  const f = new WebAssembly.Instance(module).exports.f as () => void;
  if (inPromise) void Promise.resolve().then(f);
  else setTimeout(f);
};

// Sends a request as the application does, then another, and waits for the second.
const fetchAndRequest = ({ fetched, requested }: { fetched: string; requested: string }) => {
  void fetch(fetched);
  const request = new XMLHttpRequest();
  request.open("GET", requested);
  const ended = new Promise<void>((done) => request.addEventListener("loadend", () => done()));
  request.send();
  return ended;
};

for (const [how, fault] of Object.entries(faults)) {
  test(`a page that was ended ${how} says so and where, and can be loaded again`, async ({ page, url }) => {
    await page.goto(`${url}/ns/default/programs`);
    const programs = page.getByRole("table", { name: "Programs" });
    await expect(programs).toBeVisible();
    await page.evaluate(fail, fault);
    const panel = page.getByRole("alert").filter({ has: page.getByRole("heading", { name: "This page has stopped working" }) });
    await expect(panel).toContainText("An error in Quiesce, not in your server.");
    await expect(panel).toContainText(`Error: ${fault.message}`);
    await expect(panel).toContainText("wasm-function[0]");
    await expect(panel, "its text is read by a screen reader, and its button is next").toBeFocused();
    const sent: string[] = [];
    page.on("request", (request) => sent.push(new URL(request.url()).pathname));
    await page.evaluate(fetchAndRequest, { fetched: "/v3/namespaces", requested: "/quiesce/info" });
    expect(sent, "nothing of the application reaches the server").toEqual(["/quiesce/info"]);
    await panel.getByRole("button", { name: "Load again" }).click();
    await expect(programs).toBeVisible();
    await expect(panel).toBeHidden();
  });
}

test("an error of something else in the page does not end it", async ({ page, url }) => {
  await page.goto(`${url}/ns/default/programs`);
  await expect(page.getByRole("table", { name: "Programs" })).toBeVisible();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.evaluate(() => {
    setTimeout(() => {
      throw new RangeError("from an extension");
    });
  });
  await expect.poll(() => errors).toEqual(["from an extension"]);
  await expect(page.getByRole("heading", { name: "This page has stopped working" })).toBeHidden();
});
