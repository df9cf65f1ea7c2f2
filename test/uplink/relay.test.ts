import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { rpcRelay } from "../../src/uplink/relay.ts";

const HASHES = ["11", "22", "33"].map((digits) => `0x${digits.repeat(32)}`);
const OPERATIONS = HASHES.map((hash) => ({ hash, operation: { sender: hash } }));

describe("a relay over the network", () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listening(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`;
  }

  /** A relay that answers each call as it is told to. */
  const answering = (answer: (hash: string, index: number) => object | undefined) =>
    listening(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const calls = JSON.parse(body) as { id: number; method: string; params: [{ sender: string }, string] }[];
      const answers = calls.flatMap(({ id, params: [{ sender }] }, index) => {
        const said = answer(sender, index);
        return said === undefined ? [] : [{ jsonrpc: "2.0", id, ...said }];
      });
      response.end(JSON.stringify(answers));
    });

  async function failure(url: string): Promise<BropError> {
    const relay = rpcRelay(url, 300);
    const error = await relay.send(OPERATIONS).catch((thrown: unknown) => thrown);
    relay.close();
    expect(error).to.be.instanceOf(BropError);
    return error as BropError;
  }

  it("takes operations, and says why it refuses one", async () => {
    const url = await answering((hash, index) => {
      if (index === 1) {
        const data = { code: "quota.exhausted", missing: "5", remedy: "wait" };
        return { error: { code: -32500, message: "Too few quota points", data } };
      }
      return index === 2 ? { error: { code: -32602, message: "not like this" } } : { result: hash };
    });
    const relay = rpcRelay(url);
    const [taken, poor, other] = await relay.send(OPERATIONS);
    relay.close();
    expect(taken).to.equal(undefined);
    expect(poor).to.include({ code: "quota.exhausted" });
    expect(poor?.details).to.deep.equal({ missing: "5" });
    expect(other).to.include({ code: "operation.rejected" });
    expect(other?.details.reason).to.equal("not like this");
  });

  const faulty: [name: string, listener: RequestListener][] = [
    ["answers no JSON", (_, response) => response.end("<html>502</html>")],
    ["answers nothing", (_, response) => response.end()],
    ["answers something else", (_, response) => response.end('{"hello":1}')],
    ["breaks the connection", (_, response) => response.destroy()],
    [
      "breaks off in its answer",
      (_, response) => {
        response.writeHead(200, { "content-length": 1_000 });
        response.write("[{");
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ["does not answer in time", () => {}],
  ];
  for (const [name, listener] of faulty) {
    it(`is unavailable when it ${name}`, async () => {
      const error = await failure(await listening(listener));
      expect(error.code).to.equal("relay.unavailable");
    });
  }

  it("has refused what it leaves unanswered", async () => {
    const relay = rpcRelay(await answering((hash, index) => (index === 1 ? undefined : { result: hash })));
    const outcomes = await relay.send(OPERATIONS);
    relay.close();
    expect(outcomes.map((outcome) => outcome?.code)).to.deep.equal([undefined, "operation.rejected", undefined]);
  });

  it("is unavailable when nobody listens", async () => {
    expect((await failure("http://127.0.0.1:1/rpc")).code).to.equal("relay.unavailable");
  });

  it("is unavailable when it gives another hash than the operation's: it did not take this one", async () => {
    for (const result of [HASHES[2], null, 1, {}, "0x"]) {
      const error = await failure(await answering(() => ({ result })));
      expect(error.code, JSON.stringify(result)).to.equal("relay.unavailable");
    }
  });

  it("is named without its password and query", async () => {
    const relay = rpcRelay("https://user:secret@relay.example.org/rpc?key=secret");
    expect(relay.name).to.equal("https://relay.example.org/rpc");
    relay.close();
  });
});
