import { everyWay } from "../support/axe.js";
import { expect, test } from "../support/secured.js";
import { alice, SignIn } from "../support/sign-in.js";

test("the sign-in can be used by everyone", async ({ page }) => {
  const signIn = new SignIn(page);
  await page.goto("/ns/default/programs");
  await signIn.send({ ...alice, password: "wrong" });
  await expect(signIn.dialog.getByRole("alert")).toBeVisible();
  expect(await everyWay(page)).toEqual([]);
  await signIn.as(alice);
  await signIn.user("alice").click();
  expect(await everyWay(page)).toEqual([]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You signed out.")).toBeVisible();
  expect(await everyWay(page)).toEqual([]);
});
