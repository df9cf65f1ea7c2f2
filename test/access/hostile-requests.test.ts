import { expect } from "chai";
import type { RpcAnswer } from "../../src/access/json-rpc.ts";
import { BropError } from "../../src/core/errors.ts";
import { type FakeNode, startFakeNode } from "../chain/fake-node.ts";
import { type InterfaceServer, startInterface } from "./interface-server.ts";
import { codeOf } from "./rpc-caller.ts";

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("hostile JSON-RPC", function () {
  this.timeout(20_000);
  let node: FakeNode;
  let server: InterfaceServer;
  let answer: (method: string, params: unknown[]) => unknown = (method, params) => ({ method, params });

  before(async () => {
    node = await startFakeNode((method, params) => answer(method, params));
    server = await startInterface(
      node.url,
      {
        test_large: () => "x".repeat(40_000),
        test_full: () => {
          throw new BropError("service.unavailable", { reason: "full", retryAfter: 7 });
        },
        test_slower: () => {
          throw new BropError("request.rate-limited", { retryAfter: 2.2 });
        },
      },
      { answer: 200_000, batchAnswer: 100_000, logResults: 3 },
    );
  });
  beforeEach(() => {
    node.calls.length = 0;
    answer = (method, params) => ({ method, params });
  });
  after(async () => {
    await server.stop();
    await node.stop();
  });

  const call = (method: string, params: unknown = [], id: unknown = 1) => ({ jsonrpc: "2.0", id, method, params });
  const answerTo = async (body: string) => JSON.parse((await server.post(body)).text) as RpcAnswer;
  const ask = (method: string, params: unknown = []) => answerTo(JSON.stringify(call(method, params)));

  it("nested a hundred thousand deep is refused in words, wherever the nesting is", async () => {
    const deep = nested(100_000);
    expect(codeOf(await answerTo(`{"jsonrpc":"2.0","id":1,"method":"eth_call","params":${deep}}`))).to.equal(
      "request.invalid",
    );
    expect(codeOf(await answerTo(`{"jsonrpc":"2.0","id":${deep},"method":"eth_call"}`))).to.equal("request.not-a-call");
    expect(codeOf(await answerTo(`{"jsonrpc":"2.0","id":1,"method":${deep}}`))).to.equal("request.not-a-call");
    const batch = JSON.parse((await server.post(deep)).text) as RpcAnswer[];
    expect(batch.map(codeOf)).to.deep.equal(["request.not-a-call"]);
    const objects = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    expect(codeOf(await answerTo(`{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[${objects}]}`))).to.equal(
      "request.invalid",
    );
    expect(node.calls).to.deep.equal([]);
  });

  it("of ordinary depth goes through: topics, access lists, state overrides", async () => {
    const overrides = { [`0x${"11".repeat(20)}`]: { stateDiff: { "0x1": "0x2" } } };
    expect((await ask("eth_call", [{ accessList: [{ storageKeys: ["0x1"] }] }, "latest", overrides])).error).to.equal(
      undefined,
    );
    expect((await ask("eth_getLogs", [{ topics: [["0x1"]], fromBlock: "latest" }])).error).to.equal(undefined);
  });

  it("by the million in one batch is refused as a whole, before anything is called", async () => {
    const text = `[${Array.from({ length: 20_000 }, () => '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}').join()}]`;
    expect(codeOf(await answerTo(text))).to.equal("request.batch-too-large");
    expect(codeOf(await answerTo(`[${"1,".repeat(400_000)}1]`))).to.equal("request.batch-too-large");
    expect(node.calls).to.deep.equal([]);
  });

  it("over the size of a request is refused with 413", async () => {
    const { status, text } = await server.post(`"${"x".repeat(1_100_000)}"`);
    expect(status).to.equal(413);
    expect(codeOf(JSON.parse(text))).to.equal("request.too-large");
  });

  it("with ids of any type is answered under the id where it is one, else under null", async () => {
    for (const id of [0, -1, 1.5, 1e300, "", "x".repeat(1_000), "é\u0000"]) {
      expect((await answerTo(JSON.stringify(call("eth_gasPrice", [], id)))).id).to.equal(id);
    }
    for (const id of [true, {}, [], [1], { toString: "1" }]) {
      const refused = await answerTo(JSON.stringify(call("eth_gasPrice", [], id)));
      expect([refused.id, codeOf(refused)]).to.deep.equal([null, "request.not-a-call"]);
    }
    // Beyond what a number holds: JSON has no word for it.
    expect((await answerTo('{"jsonrpc":"2.0","id":1e999,"method":"eth_gasPrice"}')).id).to.equal(null);
  });

  it("with a member twice means the last one, for the allowlist and for the node alike", async () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","method":"debug_traceCall","params":[1],"params":[2]}';
    expect(codeOf(await answerTo(text))).to.equal("request.method-refused");
    await answerTo('{"jsonrpc":"2.0","id":1,"method":"debug_traceCall","method":"eth_call","params":[1],"params":[2]}');
    expect(node.calls).to.deep.equal([{ method: "eth_call", params: [2] }]);
  });

  it("that speaks of prototypes changes nothing", async () => {
    await answerTo('{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[],"__proto__":{"polluted":1}}');
    await answerTo('{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"__proto__":{"polluted":1}}]}');
    await answerTo('{"__proto__":{"jsonrpc":"2.0","id":1,"method":"eth_call"}}');
    expect(({} as { polluted?: number }).polluted).to.equal(undefined);
    for (const method of ["__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
      expect(codeOf(await ask(method))).to.equal("request.method-unknown");
    }
  });

  it("that asks for more logs than one answer holds is told so", async () => {
    answer = () => Array.from({ length: 4 }, () => ({ data: "0x" }));
    const refused = await ask("eth_getLogs", [{ fromBlock: "latest" }]);
    expect(codeOf(refused)).to.equal("request.answer-too-large");
    expect(refused.error?.data).to.include({ logs: 4, most: 3 });
    answer = () => Array.from({ length: 3 }, () => ({ data: "0x" }));
    expect((await ask("eth_getLogs", [{ fromBlock: "latest" }])).result).to.have.lengthOf(3);
  });

  it("that asks for an answer of any size gets none beyond the limit, and the node's connection is closed", async () => {
    answer = () => "x".repeat(5_000_000);
    const refused = await ask("eth_call", [{}, "latest"]);
    expect(codeOf(refused)).to.equal("request.answer-too-large");
    answer = () => "0x1";
    expect((await ask("eth_call", [{}, "latest"])).result).to.equal("0x1");
  });

  it("that adds up to too much in one batch keeps the answers that fit", async () => {
    const { text } = await server.post(
      JSON.stringify(Array.from({ length: 5 }, (_, id) => call("test_large", [], id))),
    );
    const answers = JSON.parse(text) as RpcAnswer[];
    expect(answers.map(({ id }) => id)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(answers.map(codeOf)).to.deep.equal([
      ...[undefined, undefined],
      ...Array.from({ length: 3 }, () => "request.answer-too-large"),
    ]);
  });

  it("is counted by what it was refused for", async () => {
    const before = server.gateway.refusals["request.method-unknown"] ?? 0;
    await ask("eth_nothing");
    expect(server.gateway.refusals["request.method-unknown"]).to.equal(before + 1);
  });

  describe("where there is no room", () => {
    it("a call is answered with HTTP's status and Retry-After, and the same in JSON-RPC's way", async () => {
      const full = await server.post(JSON.stringify(call("test_full")));
      expect([full.status, full.headers.get("retry-after")]).to.deep.equal([503, "7"]);
      expect((JSON.parse(full.text) as RpcAnswer).error?.data).to.include({
        code: "service.unavailable",
        retryAfter: 7,
      });
      const slower = await server.post(JSON.stringify(call("test_slower")));
      expect([slower.status, slower.headers.get("retry-after")]).to.deep.equal([429, "3"]);
      expect(slower.headers.get("access-control-expose-headers")).to.include("retry-after");
    });

    it("a batch is, where all of it was refused, with the longest wait", async () => {
      const both = await server.post(JSON.stringify([call("test_full"), call("test_slower")]));
      expect([both.status, both.headers.get("retry-after")]).to.deep.equal([503, "7"]);
      const mixed = await server.post(JSON.stringify([call("test_full"), call("eth_gasPrice")]));
      expect([mixed.status, mixed.headers.get("retry-after")]).to.deep.equal([200, null]);
    });
  });
});
