import { expect, type Locator, type Page } from "@playwright/test";

export interface User {
  name: string;
  password: string;
}

/** The users of a server with security: of the sandbox, and of the real CDAP of the tests. */
export const alice: User = { name: "alice", password: "secret" };
export const bob: User = { name: "bob", password: "hunter2" };

/** The sign-in, in the words that are on screen: over a page, or in its place. */
export class SignIn {
  constructor(readonly page: Page) {}

  get dialog(): Locator {
    return this.page.getByRole("dialog", { name: "Sign in" });
  }

  get name(): Locator {
    return this.page.getByRole("textbox", { name: "User name" });
  }

  get password(): Locator {
    return this.page.getByLabel("Password", { exact: true });
  }

  get token(): Locator {
    return this.page.getByLabel("Access token", { exact: true }).and(this.page.locator("#token"));
  }

  get stay(): Locator {
    return this.page.getByRole("checkbox", { name: /^Stay signed in for this tab/ });
  }

  /** The button in the top bar that tells who is signed in. */
  user(name: string): Locator {
    return this.page.getByRole("button", { name: `Signed in as ${name}` });
  }

  /** Fills in and sends what is asked for. */
  async send(user: User): Promise<void> {
    await this.name.fill(user.name);
    await this.password.fill(user.password);
    await this.password.press("Enter");
  }

  /** Signs in over the page. */
  async as(user: User): Promise<void> {
    await expect(this.dialog).toBeVisible();
    await this.send(user);
    await expect(this.dialog).toBeHidden();
    await expect(this.user(user.name)).toBeVisible();
  }

  /** Signs in over the page with a token. */
  async withToken(token: string): Promise<void> {
    await expect(this.dialog).toBeVisible();
    await this.page.getByRole("radio", { name: "Access token" }).check();
    await this.token.fill(token);
    await this.token.press("Enter");
    await expect(this.dialog).toBeHidden();
  }

  async signOut(name: string): Promise<void> {
    await this.user(name).click();
    await this.page.getByRole("button", { name: "Sign out" }).click();
  }
}
