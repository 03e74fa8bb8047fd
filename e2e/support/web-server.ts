import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const kinds = ["nginx", "caddy"] as const;
export type Kind = (typeof kinds)[number];

/** The programs, found or unpacked by `cargo xtask test`. */
const programs: Record<Kind, string> = {
  nginx: process.env.NGINX ?? "/usr/sbin/nginx",
  caddy: process.env.CADDY ?? "/usr/bin/caddy",
};

/** What `cargo xtask package` makes of the page: its files, and the configurations. */
const packaged = process.env.QUIESCE_PAGE ?? new URL("../../target/package/page", import.meta.url).pathname;

/** The name that the browser resolves to this machine: see playwright.config.ts. */
const name = "quiesce.test";

/** A port of this machine that was free a moment ago: neither server reports one that it has chosen itself. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The given configuration for this machine: each of these texts has to be in it. */
function adapted(file: string, changes: [from: string, to: string][]): string {
  let text = readFileSync(file, "utf8");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** nginx or Caddy with the given configuration and the page of this build, in front of a router. */
export class WebServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  get url(): string {
    return `https://${name}:${this.port}`;
  }

  static async start(kind: Kind, router: string): Promise<WebServer> {
    const folder = mkdtempSync(join(tmpdir(), `quiesce-${kind}-`));
    const [key, certificate, www] = ["key.pem", "certificate.pem", "www"].map((file) => join(folder, file)) as [string, string, string];
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
    execFileSync("openssl", [...request, ...subject, "-keyout", key, "-out", certificate], { stdio: "pipe" });
    // Unprivileged workers of nginx read it.
    cpSync(join(packaged, "www"), www, { recursive: true });
    execFileSync("chmod", ["-R", "a+rX", folder]);

    const [port, redirects] = [await freePort(), await freePort()];
    const common: [string, string][] = [
      ["/usr/share/quiesce/www", www],
      ["/etc/ssl/quiesce/console.example.crt", certificate],
      ["/etc/ssl/quiesce/console.example.key", key],
      ["127.0.0.1:11015", new URL(router).host],
    ];
    const [child, ready] =
      kind === "nginx" ? nginx(folder, common, port, redirects) : caddy(folder, common, port);
    let said = "";
    await new Promise<void>((started, failed) => {
      child.stderr?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(ready)) started();
      });
      child.once("exit", (code) => failed(new Error(`${kind} ended with ${code}:\n${said}`)));
      child.once("error", failed);
    });
    return new WebServer(child, folder, port);
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = new Promise<void>((done) => this.child.once("exit", () => done()));
      this.child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function nginx(folder: string, common: [string, string][], port: number, redirects: number): [ChildProcess, string] {
  mkdirSync(join(folder, "conf.d"));
  const given = adapted(join(packaged, "nginx/quiesce.conf"), [
    ...common,
    ["console.example", name],
    ["listen 80", `listen 127.0.0.1:${redirects}`],
    ["listen 443", `listen 127.0.0.1:${port}`],
  ]);
  writeFileSync(join(folder, "conf.d/quiesce.conf"), given);
  cpSync(join(packaged, "nginx/quiesce-page.conf"), join(folder, "conf.d/quiesce-page.conf"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((it) => `${it}_temp_path ${folder}/${it};`);
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr notice; events {}
     http { access_log off; ${temporary.join(" ")} include ${folder}/conf.d/*.conf; }`,
  );
  const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"];
  return [spawn(programs.nginx, args, { stdio: ["ignore", "ignore", "pipe"] }), "start worker processes"];
}

function caddy(folder: string, common: [string, string][], port: number): [ChildProcess, string] {
  const given = adapted(join(packaged, "caddy/Caddyfile"), [
    ...common,
    ["\nhttps:// {", `\nhttps://:${port} {\n\tbind 127.0.0.1`],
    ["\nconsole.example {", `\n${name}:${port} {\n\tbind 127.0.0.1`],
    ["admin off", "admin off\n\tauto_https disable_redirects"],
  ]);
  writeFileSync(join(folder, "Caddyfile"), given);
  cpSync(join(packaged, "caddy/quiesce-page.caddy"), join(folder, "quiesce-page.caddy"));
  const args = ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")];
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return [spawn(programs.caddy, args, { stdio: ["ignore", "ignore", "pipe"], env }), "serving initial configuration"];
}

/** The files of the page, by their paths. */
export function pageFiles(): string[] {
  return readdirSync(join(packaged, "www")).filter((file) => !/\.(br|gz)$|^docs$/.test(file));
}
