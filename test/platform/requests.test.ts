import { request as httpRequest } from "node:http";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { pino } from "pino";
import { loggedError } from "../../src/platform/logger.ts";
import { type Port, takePort } from "../../src/platform/port.ts";
import { openServer } from "../../src/platform/server.ts";
import { openDatabase } from "../../src/store/open-database.ts";

const routes: FastifyPluginAsync = async (server) => {
  server.get("/v1/things/:id", async () => ({ answer: 42 }));
  server.patch("/v1/things/:id", async () => ({ answer: 43 }));
  server.get("/v1/slow", async () => {
    await sleep(300);
    return { answer: "late" };
  });
  server.post("/v1/broken", async (request) => {
    const db = await openDatabase({});
    try {
      return await db.query("select $1::text from nowhere", [JSON.stringify(request.body)]);
    } finally {
      await db.close();
    }
  });
  server.get("/events", (_request, reply) => {
    reply.header("content-type", "text/event-stream").send("data: 1\n\n");
  });
};

describe("requests to the one port", function () {
  this.timeout(30_000);
  const lines: string[] = [];
  const stopping = new AbortController();
  let port: Port;
  let server: FastifyInstance;
  before(async () => {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    port = await takePort("127.0.0.1", 0);
    server = await openServer({
      ...{ port, checks: [], measurements: [], plugins: [routes], stopping: stopping.signal },
      logger: pino({ level: "trace", serializers: { err: loggedError } }, stream),
      trustedProxies: ["127.0.0.1"],
    });
  });
  after(() => Promise.all([server.close(), port.close()]));

  const get = (path: string, init: RequestInit = {}) => fetch(port.url + path, init);

  it("keep the identifier that they come with, if it is a harmless one", async () => {
    for (const id of ["order-17", "a.b:c_D", "0", "x".repeat(64)]) {
      const { headers } = await get("/v1/things/1", { headers: { "x-request-id": id } });
      expect(headers.get("x-request-id")).to.equal(id);
    }
    for (const id of ["", "x".repeat(65), "a b", "<script>", "a,b", '{"level":50}', "é"]) {
      const { headers } = await get("/v1/things/1", { headers: { "x-request-id": id } });
      expect(headers.get("x-request-id"), id).to.match(/^[0-9a-f-]{36}$/);
    }
  });

  it("have it in problem details and in the log", async () => {
    const refused = await get("/v1/nothing", { headers: { "x-request-id": "ours-404" } });
    expect(await refused.json()).to.include({ requestId: "ours-404", code: "resource.not-found" });
    await get("/v1/broken", { method: "POST", headers: { "x-request-id": "ours-500" } });
    expect(lines.some((line) => line.includes('"ours-500"') && line.includes("A request failed"))).to.equal(true);
  });

  it("leave no secret in the log: no header, no cookie, no body, no query", async () => {
    lines.length = 0;
    const answer = await get("/v1/broken?token=hunter1", {
      method: "POST",
      headers: {
        ...{ authorization: "Bearer hunter2", cookie: "session=hunter3", "content-type": "application/json" },
        "idempotency-key": "hunter4",
      },
      body: JSON.stringify({ password: "hunter5" }),
    });
    expect(answer.status).to.equal(500);
    expect(lines.join("")).to.include("A request failed").and.include("nowhere");
    expect(lines.join("")).to.not.match(/hunter\d/);
    expect(JSON.stringify(await answer.json())).to.not.match(/nowhere|hunter[2-5]/);
  });

  it("with a method that the path does not know are told those that it does", async () => {
    for (const method of ["POST", "DELETE", "PUT", "TRACE", "PROPFIND", "MKCOL"]) {
      const { status, headers, body } = await raw(method, "/v1/things/1");
      expect([status, headers.allow], method).to.deep.equal([405, "GET, HEAD, PATCH"]);
      expect(headers["content-type"], method).to.match(/^application\/problem\+json/);
      if (body !== "") expect(JSON.parse(body)).to.include({ code: "request.http-method", allow: "GET, HEAD, PATCH" });
    }
    expect((await raw("DELETE", "/healthz")).headers.allow).to.equal("GET, HEAD");
    expect((await raw("DELETE", "/v1/nothing")).status).to.equal(404);
    expect((await raw("HEAD", "/v1/things/1")).status).to.equal(200);
  });

  it("that are no requests at all are refused in the same words", async () => {
    for (const path of ["/v1/things/%", "/v1/things/%c3%28", `/v1/things/${"x".repeat(300)}`]) {
      const { status, headers, body } = await raw("GET", path);
      expect(status, path).to.be.within(400, 414);
      expect(headers["content-type"], path).to.match(/^application\/problem\+json/);
      expect(JSON.parse(body), path).to.include.keys("code", "remedy", "requestId");
    }
  });

  it("are counted by route and status, whatever is asked for", async () => {
    for (let id = 0; id < 3; id++) await get(`/v1/things/${id}`);
    await get("/nothing/of/this/kind");
    await (await get("/events")).text();
    const text = await (await get("/metrics")).text();
    expect(text).to.match(/brop_http_request_seconds_count\{method="GET",route="\/v1\/things\/:id",status="200"\} \d+/);
    expect(text).to.match(/brop_http_request_seconds_count\{method="GET",route="none",status="404"\} \d+/);
    expect(text).to.not.include("/nothing").and.not.include("/things/1").and.not.include('route="/events"');
  });

  it("end well when the process stops: no longer ready first, then those under way are answered", async () => {
    expect((await get("/readyz")).status).to.equal(200);
    stopping.abort();
    const ready = await get("/readyz");
    expect(ready.status).to.equal(503);
    expect((await ready.json()).checks).to.deep.equal({ platform: "stops" });
    expect((await get("/healthz")).status).to.equal(200);
    expect((await get("/v1/things/1")).status).to.equal(200);
    const slow = get("/v1/slow");
    await sleep(50);
    const closed = Promise.all([server.close(), port.close()]);
    expect(await (await slow).json()).to.deep.equal({ answer: "late" });
    await closed;
    expect(await get("/healthz").catch(() => "nobody there")).to.equal("nobody there");
  });

  function raw(method: string, path: string) {
    return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
      const sent = httpRequest(`${port.url}`, { method, path }, (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      sent.on("error", reject).end();
    });
  }
});
