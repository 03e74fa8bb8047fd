import http from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Stands in front of the console as a proxy that authenticates by a cookie. Without it, requests are redirected to its
 * sign-in page or refused with 401; opening that page signs in.
 */
export class CookieProxy {
  static readonly cookie = "proxy-session=open-sesame";
  /** The cookies that are valid: none after the sessions ended. */
  #valid: string | undefined = CookieProxy.cookie;
  /** How many requests of the page it turned away. */
  turnedAway = 0;

  private constructor(
    private readonly server: http.Server,
    private readonly refusal: "redirect" | "401",
  ) {}

  static async before(console: string, refusal: "redirect" | "401"): Promise<CookieProxy> {
    const upstream = new URL(console);
    const server = http.createServer();
    const proxy = new CookieProxy(server, refusal);
    server.on("request", (request, response) => proxy.#answer(upstream, request, response));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All sessions end; the next sign-in opens one again. */
  endSessions(): void {
    this.#valid = undefined;
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  #answer(upstream: URL, request: http.IncomingMessage, response: http.ServerResponse): void {
    if (request.url === "/proxy/sign-in") {
      this.#valid = CookieProxy.cookie;
      response.writeHead(200, { "content-type": "text/html", "set-cookie": `${CookieProxy.cookie}; Path=/; HttpOnly; SameSite=Lax` });
      response.end("<!doctype html><title>Signed in to the proxy</title>");
      return;
    }
    if (!this.#valid || !request.headers.cookie?.includes(this.#valid)) {
      this.turnedAway += 1;
      if (this.refusal === "401") response.writeHead(401);
      else response.writeHead(302, { location: "/proxy/sign-in" });
      response.end();
      return;
    }
    const onward = http.request(
      { host: upstream.hostname, port: upstream.port, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }
}
