import http, { type IncomingHttpHeaders } from "node:http";
import https from "node:https";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends a request as it is, which no browser and no `fetch` would: with any path and any header. */
export async function raw(
  url: string,
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { protocol, hostname, port, host } = new URL(url);
  const options = {
    // The name of the tests is this machine's.
    host: hostname.endsWith(".test") ? "127.0.0.1" : hostname,
    servername: hostname,
    port,
    method,
    path,
    headers: { host, ...headers },
    rejectUnauthorized: false,
    agent: false,
  };
  return new Promise((done, failed) => {
    const request = (protocol === "https:" ? https : http).request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        done({ status, headers, body: Buffer.concat(chunks) });
      });
      response.on("error", failed);
    });
    request.on("error", failed);
    request.end(body);
  });
}
