import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { pino } from "pino";
import { BropError } from "../../src/core/errors.ts";
import type { HealthCheck } from "../../src/platform/health.ts";
import { type Port, takePort } from "../../src/platform/port.ts";
import { openServer } from "../../src/platform/server.ts";

const routes: FastifyPluginAsync = async (server) => {
  server.get("/v1/answer", async () => ({ answer: 42 }));
  server.post("/v1/echo", async (request) => request.body);
  server.get("/v1/refused", async () => {
    throw new BropError("quota.exhausted", { missing: 7 });
  });
  server.get("/v1/broken", async () => {
    throw new Error("the password is hunter2");
  });
  server.get("/docs", async () => "console");
};

describe("the server of the one port", () => {
  const folder = mkdtempSync(join(tmpdir(), "brop-server-"));
  const site = join(folder, "site");
  const documents = join(folder, "documents");
  let fault: string | undefined;
  const checks: HealthCheck[] = [
    { name: "chain", fault: async () => fault },
    { name: "database", fault: async () => undefined },
  ];
  const measurements = [
    { name: "brop_test_head", help: "A number", read: () => 12 },
    { name: "brop_test_states", help: "Numbers", label: "state", read: async () => ({ open: 1, done: 2 }) },
  ];
  let port: Port;
  let server: FastifyInstance;

  before(async () => {
    mkdirSync(join(site, "assets"), { recursive: true });
    mkdirSync(documents);
    writeFileSync(join(folder, "secret.txt"), "not for anybody");
    writeFileSync(join(site, "index.html"), "<!doctype html><title>the site</title>");
    writeFileSync(join(site, "assets", "index-abc.js"), "export {};");
    writeFileSync(join(site, "assets", "index-abc.js.br"), brotliCompressSync("export {};"));
    writeFileSync(join(site, "assets", "index-abc.js.gz"), gzipSync("export {};"));
    writeFileSync(join(documents, "agreement.txt"), "what is agreed");
    port = await takePort("127.0.0.1", 0);
    const logger = pino({ level: "silent" });
    server = await openServer({
      ...{ port, logger, checks, measurements, documents },
      plugins: [routes],
      site: { folder: site },
    });
  });

  after(async () => {
    await Promise.all([server.close(), port.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, init: RequestInit = {}) => fetch(port.url + path, init);
  const page = (path: string) => get(path, { headers: { accept: "text/html" } });

  it("serves the compressed forms that the build made, to those who take them", async () => {
    for (const [accepted, expected] of [
      ["br, gzip", "br"],
      ["gzip", "gzip"],
      ["identity", null],
    ] as const) {
      const answer = await get("/assets/index-abc.js", { headers: { "accept-encoding": accepted } });
      expect(answer.headers.get("content-encoding"), accepted).to.equal(expected);
      expect(answer.headers.get("content-type"), accepted).to.match(/javascript/);
      expect(answer.headers.get("vary"), accepted).to.match(/accept-encoding/i);
      expect(answer.headers.get("cache-control"), accepted).to.equal("public, max-age=31536000, immutable");
      expect(await answer.text(), accepted).to.equal("export {};");
    }
  });

  it("gives every request an identifier and every answer the security headers", async () => {
    const ids = new Set<string | null>();
    for (const path of ["/", "/v1/answer", "/nothing", "/healthz", "/documents/agreement.txt"]) {
      const { headers } = await get(path);
      ids.add(headers.get("x-request-id"));
      expect(headers.get("x-content-type-options"), path).to.equal("nosniff");
      expect(headers.get("referrer-policy"), path).to.equal("no-referrer");
      const policy = headers.get("content-security-policy");
      expect(policy, path).to.contain("default-src 'none'").and.contain("frame-ancestors 'none'");
      expect(policy, path)
        .to.contain("script-src 'self';")
        .and.not.to.match(/https?:|unsafe|\*/);
    }
    expect(ids.size).to.equal(5);
    expect([...ids]).to.satisfy((list: string[]) => list.every((each) => /^[0-9a-f-]{36}$/.test(each)));
  });

  it("lets the console of the query interface have styles, but no scripts, in its page", async () => {
    const policy = (await get("/docs")).headers.get("content-security-policy");
    expect(policy).to.contain("style-src 'self' 'unsafe-inline'").and.contain("script-src 'self';");
  });

  it("lets other origins read the query interface, and nothing else", async () => {
    expect((await get("/v1/answer")).headers.get("access-control-allow-origin")).to.equal("*");
    const preflight = await get("/v1/answer", { method: "OPTIONS" });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-methods")).to.equal(
      "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    );
    for (const path of ["/", "/metrics", "/healthz"]) {
      expect((await get(path)).headers.get("access-control-allow-origin"), path).to.equal(null);
    }
  });

  it("serves the site's files, and its page for every address that the site knows by itself", async () => {
    const script = await get("/assets/index-abc.js");
    expect(script.headers.get("cache-control")).to.contain("immutable");
    for (const path of ["/", "/records/0x12", "/objects/a%20b?language=zh"]) {
      const answer = await page(path);
      expect(answer.status, path).to.equal(200);
      expect(answer.headers.get("cache-control"), path).to.equal("no-cache");
      expect(await answer.text(), path).to.contain("the site");
    }
  });

  it("answers programs, and addresses that are no pages, with problem details", async () => {
    for (const answer of [await get("/records/0x12"), await page("/v1/nothing"), await page("/assets/gone.js")]) {
      expect(answer.status).to.equal(404);
      expect(answer.headers.get("content-type")).to.match(/^application\/problem\+json/);
      expect(await answer.json()).to.include({ code: "resource.not-found", type: "urn:brop:error:resource.not-found" });
    }
  });

  it("serves published documents and nothing beside their folder", async () => {
    const answer = await get("/documents/agreement.txt");
    expect(await answer.text()).to.equal("what is agreed");
    expect(answer.headers.get("content-type")).to.match(/^text\/plain/);
    for (const path of ["/documents/..%2fsecret.txt", "/documents/%2e%2e/secret.txt", "/..%2fsecret.txt"]) {
      const found = await get(path);
      expect(found.status, path).to.be.oneOf([403, 404]);
      expect(await found.text(), path).not.to.contain("not for anybody");
    }
  });

  it("answers refusals with their code, and faults without their inner words", async () => {
    const refused = await get("/v1/refused");
    expect(refused.status).to.equal(429);
    expect(await refused.json()).to.include({ code: "quota.exhausted", missing: 7, instance: "/v1/refused" });
    const broken = await get("/v1/broken");
    expect(broken.status).to.equal(500);
    const text = await broken.text();
    expect(JSON.parse(text).code).to.equal("service.internal");
    expect(text).not.to.contain("hunter2");
  });

  it("refuses bodies that are too large, not JSON, or of another type", async () => {
    const post = (body: string, type = "application/json") =>
      get("/v1/echo", { method: "POST", body, headers: { "content-type": type } });
    expect(await (await post('{"a":1}')).json()).to.deep.equal({ a: 1 });
    const large = await post(JSON.stringify("x".repeat(1_048_576)));
    expect(large.status).to.equal(413);
    expect((await large.json()).code).to.equal("request.too-large");
    expect((await (await post("{")).json()).code).to.equal("request.malformed");
    expect((await (await post("<a/>", "text/xml")).json()).code).to.equal("request.media-type");
  });

  it("is ready when all that it needs works, and names what does not", async () => {
    const ready = await get("/readyz");
    expect(ready.status).to.equal(200);
    expect(await ready.json()).to.deep.equal({ status: "ready", checks: { chain: "ok", database: "ok" } });
    fault = "7 blocks behind the chain";
    const answer = await get("/readyz");
    fault = undefined;
    expect(answer.status).to.equal(503);
    expect(await answer.json()).to.deep.include({
      code: "service.unavailable",
      checks: { chain: "7 blocks behind the chain", database: "ok" },
    });
    expect(await (await get("/healthz")).json()).to.deep.equal({ status: "alive" });
  });

  it("gives measurements in Prometheus' text form", async () => {
    const answer = await get("/metrics");
    expect(answer.headers.get("content-type")).to.match(/^text\/plain/);
    const text = await answer.text();
    expect(text).to.contain("\nbrop_test_head 12\n");
    expect(text).to.contain('\nbrop_test_states{state="open"} 1\n');
    expect(text).to.contain('\nbrop_test_states{state="done"} 2\n');
  });
});

describe("the server without a built site", () => {
  it("says how to build it", async () => {
    const port = await takePort("127.0.0.1", 0);
    const logger = pino({ level: "silent" });
    const server = await openServer({
      ...{ port, logger, checks: [], measurements: [], plugins: [] },
      site: { folder: join(tmpdir(), "brop-no-such-folder") },
    });
    const answer = await fetch(port.url);
    expect(answer.headers.get("content-type")).to.match(/^text\/html/);
    expect(await answer.text()).to.contain("npm run build");
    await Promise.all([server.close(), port.close()]);
  });
});
