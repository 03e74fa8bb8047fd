// Takes the pictures of the README and of the documents from the demo: `npm run picture`, after `cargo xtask test --only
// e2e` or with QUIESCE_BIN. It starts its own demo and ends it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const demo = spawn(process.env.QUIESCE_BIN ?? at("../target/server/quiesce"), ["demo", "--listen", "127.0.0.1:0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(demo.stdout, "data");
const url = /listening on (\S+?)\/?\s/.exec(line.toString())[1];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, colorScheme: "light", reducedMotion: "reduce" });
  // Without the offer of the tour.
  await page.addInitScript(() => localStorage.setItem("quiesce.tour", "off"));
  const devtools = await page.context().newCDPSession(page);
  // Playwright takes no WebP, which is a third of the size of PNG.
  const picture = async (name) => {
    await page.mouse.move(0, 0);
    await page.evaluate(() => scrollTo(0, 0));
    const { data } = await devtools.send("Page.captureScreenshot", { format: "webp", quality: 45 });
    writeFileSync(at(`../docs/img/${name}.webp`), Buffer.from(data, "base64"));
  };

  await page.goto(`${url}/server`);
  await page.getByText(/ignores the grace period/).waitFor();
  await picture("server");

  await page.goto(`${url}/ns/retail/programs?state=active`);
  for (const name of ["ad_impressions_live", "fraud_scoring", "geo_enrichment_live", "price_feed_import"]) {
    await page.getByRole("checkbox", { name: new RegExp(`^Select ${name} `) }).check();
  }
  await picture("programs");

  await page.getByRole("button", { name: "Stop 4 programs…" }).click();
  await page.getByRole("radio", { name: "Until drained" }).check();
  await page.getByRole("checkbox", { name: /may lose data/ }).check();
  await picture("grace");
  await page.getByRole("button", { name: /^Stop \d runs$/ }).click();
  await page.getByRole("heading", { name: /have ended$/ }).waitFor({ timeout: 180_000 });
  await picture("stop");

  await page.goto(`${url}/ns/retail/apps/payments_kafka_live/spark/DataStreamsSparkStreaming`);
  await page.getByRole("table", { name: "Records per stage" }).getByRole("row").nth(1).waitFor();
  await page.getByRole("region", { name: "Runtime arguments" }).getByText("logical.start.time").first().waitFor();
  await picture("program");

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("upgrade");
  await page.getByRole("option").first().waitFor();
  await picture("palette");
  await page.keyboard.press("Escape");

  await page.goto(`${url}/ns/retail/upgrade`);
  await page.getByText(/plugins? moves? in the/).click();
  await page.getByRole("button", { name: /^Details of customer_360_hourly/ }).click();
  await picture("selection");
  for (const name of ["customer_360_hourly", "payments_kafka_live", "price_feed_import", "search_index_refresh", "tax_report_monthly"]) {
    await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  }
  const goOn = page.getByRole("button", { name: "Continue" });
  const press = async (name) => {
    const button = page.getByRole("button", { name });
    await button.and(page.locator(":not([aria-disabled])")).click({ timeout: 180_000 });
  };
  await press("Continue");
  await page.getByRole("checkbox", { name: /interrupted$/ }).check();
  for (const name of ["Continue", "Pause schedules", "Continue", /^Stop \d runs$/, "Continue", "Back up", "Continue"]) {
    await press(name);
  }
  await press(/^Upgrade \d applications$/);
  await goOn.and(page.locator(":not([aria-disabled])")).waitFor({ timeout: 180_000 });
  await picture("upgrade");

  await press("Continue");
  await press("Restore");
  await press("Continue");
  await page.getByRole("link", { name: "Download report" }).waitFor();
  await picture("report");
} finally {
  await browser.close();
  demo.kill();
}
