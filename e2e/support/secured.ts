import { Cdap } from "./cdap.js";
import { Quiesce } from "./process.js";
import type { Relay } from "./relay.js";
import { alice, type User } from "./sign-in.js";
import { expect, test as base } from "./test.js";

/** Lifetime of the sandbox's tokens; that of a real server is in its configuration, and of the same order. */
const TOKEN_SECONDS = 10;
/** A real router names its authentication server on `localhost`, which is not the host that it is reached at. */
export const AUTH_HOSTS = ["--allow-auth-host", "localhost"];

/** A server with security, spoken to directly with a token that outlives every journey. */
export class SecuredCdap extends Cdap {
  static async at(url: string): Promise<SecuredCdap> {
    const refusal = await fetch(`${url}/v3/version`);
    const { auth_uri } = (await refusal.json()) as { auth_uri: string[] };
    const issuer = (auth_uri[0] as string).replace(/token$/, "extendedtoken");
    const credentials = Buffer.from(`${alice.name}:${alice.password}`).toString("base64");
    const answer = await fetch(issuer, { headers: { Authorization: `Basic ${credentials}` } });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return new SecuredCdap(url, issuer, ((await answer.json()) as { access_token: string }).access_token);
  }

  private constructor(
    url: string,
    /** The address that issues tokens that outlive every journey. */
    readonly issuer: string,
    /** Such a token, of alice. */
    readonly token: string,
  ) {
    super(url, `Bearer ${token}`);
  }

  /** Waits until the server rejects a token that it issued. */
  async expiry(token: string | undefined): Promise<void> {
    const headers = { Authorization: `Bearer ${token}` };
    const rejected = async () => {
      const answer = await fetch(`${this.url}/v3/version`, { headers });
      return answer.status === 401 && (await answer.text()).includes("Expired token.");
    };
    await expect.poll(rejected, { message: "the token expires", timeout: 60_000, intervals: [250] }).toBe(true);
  }
}

async function securedSandbox(): Promise<Quiesce> {
  const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0", "--profile", "secured");
  const body = JSON.stringify({ token_seconds: TOKEN_SECONDS });
  const answer = await fetch(`${demo.url}/sandbox/settings`, { method: "POST", body });
  expect(answer.status, await answer.text()).toBe(200);
  return demo;
}

/** Whether a token was issued to a user: it begins with the name. */
export function isOf(token: string | undefined, { name }: User): boolean {
  return Buffer.from(token ?? "", "base64").subarray(2, 2 + name.length).toString() === name;
}

/** Waits until the session in use has expired, and only then forwards the requests that the relay holds. */
export async function expireHeld(cdap: SecuredCdap, relay: Relay, requests = 1): Promise<void> {
  await expect.poll(() => relay.held, { message: "requests that the relay holds" }).toBe(requests);
  await cdap.expiry(relay.tokens.at(-1));
  relay.release();
}

/** A test on a server with security: the sandbox, or the real CDAP that CDAP_SECURED_URL names. */
export const test = base.extend<{ cdap: SecuredCdap; session: "short" | "long" }, { upstream: string }>({
  // A long one outlives the journey.
  session: ["long", { option: true }],
  upstream: [
    async ({}, use, info) => {
      if (info.project.name === "secured") {
        await use(process.env.CDAP_SECURED_URL as string);
        return;
      }
      const sandbox = await securedSandbox();
      await use(sandbox.url);
      await sandbox.end();
    },
    { scope: "worker" },
  ],
  cdap: async ({ upstream }, use) => {
    await use(await SecuredCdap.at(upstream));
  },
  baseURL: async ({ relay, cdap, session }, use) => {
    const signIn = session === "short" ? AUTH_HOSTS : ["--auth-server", cdap.issuer];
    const console = await Quiesce.start("serve", "--router", relay.url, ...signIn, "--listen", "127.0.0.1:0");
    await use(console.url);
    await console.end();
  },
});

export { expect };
