import http from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server behind the relay received it, and the status that it answered. */
export interface Exchange {
  method: string;
  target: string;
  headers: http.IncomingHttpHeaders;
  body: string;
  status: number | undefined;
}

/**
 * Stands between the console and the server that it talks to: it writes down what the server receives, and it can
 * be taken down and up again as a server that dies and is restarted. It changes nothing that passes.
 */
export class Relay {
  readonly exchanges: Exchange[] = [];
  /** Whether answers get a `Date`, as those of some gateways; CDAP's router sends none. */
  sendDate = false;
  #server: http.Server | undefined;
  #deadly: RegExp | undefined;
  #holds: RegExp | undefined;
  readonly #held: (() => void)[] = [];
  #port = 0;

  private constructor(private readonly upstream: URL) {}

  static async to(upstream: string): Promise<Relay> {
    const relay = new Relay(new URL(upstream));
    await relay.up();
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the server received that was not a read: no GET, and no POST that only asks. */
  get writes(): Exchange[] {
    const reads = /\/(status|runs|runcount|appdetail|nextruntime|previousruntime|metrics\/query)(\?|$)/;
    return this.exchanges.filter(
      (it) => it.method !== "GET" && !reads.test(it.target) && !it.target.endsWith("/stop?graceful=-1"),
    );
  }

  /** The stops that the server received. */
  get stops(): Exchange[] {
    return this.writes.filter((it) => /\/stop(\?|$)/.test(it.target));
  }

  /** The writes whose method and path are so. */
  sent(what: RegExp): Exchange[] {
    return this.writes.filter((it) => what.test(`${it.method} ${it.target}`));
  }

  /** The server dies with the next request that is so: it does what it is asked, and nobody hears of it. */
  dieAt(what: RegExp): void {
    this.#deadly = what;
  }

  /** From now on the requests that are so wait on their way to the server, as in a slow network. */
  hold(what: RegExp): void {
    this.#holds = what;
  }

  /** How many requests wait. */
  get held(): number {
    return this.#held.length;
  }

  /** The requests that waited reach the server, and no more wait. */
  release(): void {
    this.#holds = undefined;
    for (const forward of this.#held.splice(0)) forward();
  }

  /** The tokens that the server received, in the order of their first use. */
  get tokens(): string[] {
    return [...new Set(this.exchanges.flatMap((it) => /^Bearer (\S+)$/.exec(it.headers.authorization ?? "")?.[1] ?? []))];
  }

  get isDown(): boolean {
    return this.#server === undefined;
  }

  async up(): Promise<void> {
    const server = http.createServer((request, response) => {
      const forward = () => this.#forward(request, response);
      if (this.#holds?.test(`${request.method} ${request.url}`)) this.#held.push(forward);
      else forward();
    });
    await new Promise<void>((ready, failed) => {
      server.once("error", failed);
      server.listen(this.#port, "127.0.0.1", ready);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
  }

  #forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    const exchange: Exchange = {
      method: request.method ?? "",
      target: request.url ?? "",
      headers: request.headers,
      body: "",
      status: undefined,
    };
    this.exchanges.push(exchange);
    const onward = http.request(
      {
        host: this.upstream.hostname,
        port: this.upstream.port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, host: this.upstream.host },
      },
      (answer) => {
        exchange.status = answer.statusCode;
        response.sendDate = this.sendDate;
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
        answer.on("aborted", () => response.destroy());
      },
    );
    onward.on("error", () => response.destroy());
    request.on("data", (chunk: Buffer) => (exchange.body += chunk.toString()));
    if (this.#deadly?.test(`${exchange.method} ${exchange.target}`)) {
      this.#deadly = undefined;
      request.once("end", () => void this.down());
    }
    request.pipe(onward);
  }
}
