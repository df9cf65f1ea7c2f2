import { type AddressInfo, connect } from "node:net";
import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { takePort } from "../../src/platform/port.ts";
import { limitSlowBodies } from "../../src/platform/slow-bodies.ts";

describe("slow requests", () => {
  let server: FastifyInstance;

  beforeEach(async () => {
    server = fastify();
    limitSlowBodies(server, 100);
    server.post("/usual", async () => "taken");
    server.removeAllContentTypeParsers();
    server.addContentTypeParser("*", (_request, body, done) => {
      body.on("end", () => done(null, undefined)).resume();
    });
    server.post("/file", { config: { streamed: true } }, async () => "taken");
    await server.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(() => server.close());

  /** Sends half a body, and the other half later. */
  const send = (path: string, pause: number) =>
    new Promise<string>((resolve) => {
      const socket = connect((server.server.address() as AddressInfo).port, "127.0.0.1");
      let text = "";
      socket.on("data", (bytes) => {
        text += bytes.toString();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc`);
      setTimeout(() => socket.write("def"), pause);
    });

  it("are given up, and those in time are answered", async () => {
    expect(await send("/usual", 1_000)).to.equal("");
    expect(await send("/usual", 10)).to.match(/^HTTP\/1.1 200 /);
  });

  it("may be as slow as they are where a file comes", async () => {
    expect(await send("/file", 300)).to.match(/^HTTP\/1.1 200 /);
  });

  it("have to come with their heads in a minute", async () => {
    const port = await takePort("127.0.0.1", 0);
    try {
      expect(port.server).to.include({ headersTimeout: 60_000, requestTimeout: 0 });
    } finally {
      await port.close();
    }
  });
});
