import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Endpoints } from "../../src/sdk/endpoints.ts";
import { rejection } from "../support/rejection.ts";

type Answer = (body: { id: number; method: string }) => { status?: number; body: unknown } | "silence";

describe("Endpoints", () => {
  const servers: Server[] = [];
  const asked: string[] = [];

  beforeEach(() => asked.splice(0));
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A server that answers as told and notes that it was asked. */
  async function serve(name: string, answer: Answer): Promise<string> {
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      asked.push(name);
      const result = answer(JSON.parse(text));
      if (result === "silence") return;
      response.writeHead(result.status ?? 200, { "content-type": "application/json" });
      response.end(typeof result.body === "string" ? result.body : JSON.stringify(result.body));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const call = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  const good: Answer = ({ id }) => ({ body: { jsonrpc: "2.0", id, result: "0x1" } });
  const refusal =
    (code: string): Answer =>
    ({ id }) => ({ body: { jsonrpc: "2.0", id, error: { code: -1, message: "no", data: { code } } } });
  const result = { jsonrpc: "2.0", id: 1, result: "0x1" };

  /** An address where nobody listens. */
  async function nobody(): Promise<string> {
    const url = await serve("nobody", good);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    return url;
  }

  it("takes the first that answers, and stays with it", async () => {
    const endpoints = new Endpoints([await nobody(), await serve("second", good), await serve("third", good)]);
    expect(await endpoints.send(call)).to.deep.equal(result);
    expect(await endpoints.send(call)).to.deep.equal(result);
    expect(asked).to.deep.equal(["second", "second"]);
  });

  it("goes on from one that does not answer in time", async () => {
    const urls = [await serve("silent", () => "silence"), await serve("second", good)];
    expect(await new Endpoints(urls, { timeout: 100 }).send(call)).to.deep.equal(result);
    expect(asked).to.deep.equal(["silent", "second"]);
  });

  it("goes on from one that is ill, or whose node does not answer", async () => {
    const ill: Answer[] = [
      () => ({ status: 502, body: "<html>bad gateway</html>" }),
      refusal("service.unavailable"),
      refusal("chain.unreachable"),
    ];
    for (const answer of ill) {
      const endpoints = new Endpoints([await serve("ill", answer), await serve("well", good)]);
      expect(await endpoints.send(call)).to.deep.equal(result);
    }
    expect(asked).to.deep.equal(["ill", "well", "ill", "well", "ill", "well"]);
  });

  it("does not ask another for what one refuses", async () => {
    const endpoints = new Endpoints([await serve("first", refusal("quota.exhausted")), await serve("second", good)]);
    expect(await endpoints.send(call)).to.have.property("error");
    expect(asked).to.deep.equal(["first"]);
  });

  it("passes the last one's refusal on when all are ill", async () => {
    const endpoints = new Endpoints([await nobody(), await serve("ill", refusal("service.unavailable"))]);
    expect(await endpoints.send(call)).to.have.nested.property("error.data.code", "service.unavailable");
  });

  it("says by its code why a whole batch is refused", async () => {
    const whole: Answer = () => ({
      status: 413,
      body: {
        jsonrpc: "2.0",
        id: null,
        error: { code: -32005, message: "Too large", data: { code: "request.too-large" } },
      },
    });
    const endpoints = new Endpoints([await serve("first", whole), await serve("second", good)]);
    expect((await rejection(endpoints.send([call])))?.code).to.equal("request.too-large");
    expect(asked).to.deep.equal(["first"]);
  });

  it("says that nobody answers", async () => {
    const urls = [await nobody(), await nobody()];
    const error = await rejection(new Endpoints(urls).send(call));
    expect(error?.code).to.equal("chain.unreachable");
    expect(error?.details).to.deep.include({ urls, reason: "ECONNREFUSED" });
  });
});
