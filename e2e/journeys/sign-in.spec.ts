import { readFileSync } from "node:fs";
import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { Scene, scheduled } from "../support/scene.js";
import { expect, test } from "../support/secured.js";
import { alice, bob, SignIn } from "../support/sign-in.js";
import { Wizard } from "../support/wizard.js";

// Signing in and out at a server with security.

/** What the browser keeps for the page, but for its journal. */
const kept = `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])`;

test("a wrong password is told, a right one opens the page, and the token stays in memory", async ({ page, relay }) => {
  const console = new Console(page);
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await expect(signIn.dialog).toContainText("This server requires you to sign in.");
  await expect(signIn.name).toBeFocused();
  await signIn.send({ ...alice, password: "Secret" });
  await expect(signIn.dialog.getByRole("alert")).toContainText("Wrong user name or password.");
  await expect(signIn.password).toBeFocused();
  await expect(signIn.password).toHaveAttribute("aria-invalid", "true");

  await signIn.as(alice);
  await expect(console.row(poller)).toBeVisible();
  const [token] = relay.tokens;
  expect(token, "the page sends the token that it was given").toBeTruthy();
  expect(await page.evaluate(kept)).not.toContain(token);
  expect(page.url()).toMatch(/\/ns\/default\/programs$/);
  // The router never sees a password: the console's server asks for the token.
  expect(relay.exchanges.filter((it) => it.body.includes(alice.password))).toEqual([]);
  expect(relay.exchanges.filter((it) => /^basic /i.test(it.headers.authorization ?? ""))).toEqual([]);

  await signIn.user("alice").click();
  await expect(page.getByText(/^until .*\d\d:\d\d$/)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(signIn.dialog, "a new page knows no token").toBeVisible();
});

test("after too many failed sign-ins the page says so, and keeps the name and the dialog", async ({ page, relay }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await expect(signIn.dialog).toBeVisible();
  for (let failed = 0; failed < 10; failed += 1) {
    const answer = await page.request.post("/auth/token", { data: { username: "mallory", password: `guess ${failed}` } });
    expect(answer.status()).toBe(401);
  }
  const asked = relay.exchanges.length;
  await signIn.send(alice);
  const alert = signIn.dialog.getByRole("alert");
  await expect(alert).toContainText("Too many failed sign-ins from your address.");
  await expect(alert).toContainText("Wait a minute, then try again.");
  await expect(signIn.name).toHaveValue(alice.name);
  expect(relay.exchanges.slice(asked), "no password was checked").toEqual([]);
});

test("the fields are those of a password manager, and the password can be shown", async ({ page }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await expect(signIn.dialog).toBeVisible();
  await expect(signIn.name).toHaveAttribute("autocomplete", "username");
  await expect(signIn.password).toHaveAttribute("autocomplete", "current-password");
  await expect(signIn.password).toHaveAttribute("type", "password");
  await signIn.password.fill("secret");
  const show = page.getByRole("button", { name: "Show the password" });
  await show.click();
  await expect(signIn.password).toHaveAttribute("type", "text");
  await expect(show).toHaveAttribute("aria-pressed", "true");
  await signIn.name.press("Enter");
  await expect(signIn.dialog.getByRole("alert")).toContainText("Enter your user name.");
  await expect(signIn.password, "it is hidden before it is sent").toHaveAttribute("type", "password");

  await signIn.password.evaluate((field) => {
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true }));
  });
  await expect(page.getByText("Caps Lock is on.")).toBeVisible();
  // What fills in passwords sends events that are no keys.
  await signIn.password.evaluate((field) => field.dispatchEvent(new Event("keydown", { bubbles: true })));
  await signIn.as(alice);
});

test("a token is pasted or read from a file", async ({ page, cdap }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await page.getByRole("radio", { name: "Access token" }).check();
  await signIn.token.fill("two words");
  await signIn.token.press("Enter");
  await expect(signIn.dialog.getByRole("alert")).toContainText("This is not an access token");
  await signIn.token.fill("bm8gdG9rZW4=");
  await signIn.token.press("Enter");
  await expect(signIn.dialog.getByRole("alert")).toContainText("rejected this token");
  const file = { name: "token.json", mimeType: "application/json" };
  const issued = JSON.stringify({ access_token: cdap.token, token_type: "Bearer" });
  await page.getByLabel("File with an access token").setInputFiles({ ...file, buffer: Buffer.from(issued) });
  await expect(signIn.token).toHaveValue(issued);
  await signIn.token.press("Enter");
  await expect(signIn.dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Signed in with a token" })).toBeVisible();
});

test("who stays signed in for the tab is signed in after a reload, and another tab is not", async ({ page, context }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await signIn.stay.check();
  await signIn.as(alice);
  await page.reload();
  await expect(signIn.user("alice")).toBeVisible();
  await expect(new Console(page).row(poller)).toBeVisible();
  await expect(signIn.dialog).toBeHidden();
  const other = new SignIn(await context.newPage());
  await other.page.goto(page.url());
  await expect(other.dialog).toBeVisible();
});

test("signing out in one tab forgets everything in all tabs", async ({ page, context, relay }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await signIn.stay.check();
  await signIn.as(alice);
  const other = new SignIn(await context.newPage());
  await other.page.goto("/ns/default/programs");
  await other.as(alice);
  await expect(new Console(other.page).row(poller)).toBeVisible();

  await other.signOut("alice");
  for (const { page } of [signIn, other]) {
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    await expect(page.getByText("You signed out.")).toBeVisible();
    await expect(page.getByRole("table", { name: "Programs" })).toHaveCount(0);
    expect(await page.evaluate("JSON.stringify({ ...sessionStorage })")).not.toContain("token");
  }
  const before = relay.exchanges.length;
  await signIn.send(bob);
  await expect(signIn.user("bob")).toBeVisible();
  await expect(new Console(page).row(poller), "the page is where it was").toBeVisible();
  expect(relay.exchanges.length).toBeGreaterThan(before);
  await expect(other.name, "the other tab is still signed out").toBeVisible();
});

test("whoever closes the sign-in keeps the page and can sign in later", async ({ page }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await expect(signIn.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(signIn.dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: /Sign-in required/ })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await signIn.as(alice);
  await expect(new Console(page).row(poller)).toBeVisible();
});

test("the report of an upgrade names who started it and who continued it", async ({ page, cdap }) => {
  await new Scene(cdap).copies(scheduled);
  const wizard = new Wizard(page);
  const signIn = new SignIn(page);
  await page.goto("/ns/default/upgrade");
  await signIn.as(alice);
  await wizard.choose(scheduled.app);
  await wizard.goOn();
  await wizard.isAt("Review");
  // The step then reads nothing more: it waits for the operator.
  await wizard.acknowledge();
  await page.reload();
  await signIn.as(bob);
  await page.getByRole("button", { name: "Continue as bob" }).click();
  await wizard.acknowledge();
  await wizard.abort();
  await wizard.isAt("Report");
  await expect(page.getByText(/, by alice, continued by bob at \d/)).toBeVisible();
  await page.getByText(/^Timeline/).click();
  const timeline = page.getByRole("listitem");
  await expect(timeline.filter({ hasText: "Started by alice" })).toBeVisible();
  await expect(timeline.filter({ hasText: "Continued by bob" })).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download report" }).click()]);
  const report = JSON.parse(readFileSync(await download.path(), "utf8")) as { user: string; continued: { at: number; user: string }[] };
  expect([report.user, report.continued.map((it) => it.user)]).toEqual(["alice", ["bob"]]);
});
