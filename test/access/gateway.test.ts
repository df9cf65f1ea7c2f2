import { expect } from "chai";
import fc from "fast-check";
import { Gateway } from "../../src/access/gateway.ts";
import type { RpcAnswer, RpcMethod } from "../../src/access/json-rpc.ts";
import { readMethods } from "../../src/access/reads/read-methods.ts";
import { NodeRpcError, RpcClient } from "../../src/chain/rpc-client.ts";
import { type FakeNode, FakeNodeError, startFakeNode } from "../chain/fake-node.ts";
import { ask, codeOf } from "./rpc-caller.ts";

describe("JSON-RPC gateway", () => {
  let node: FakeNode;
  let gateway: Gateway;
  const heard: unknown[] = [];

  before(async () => {
    node = await startFakeNode((method, params) => {
      if (method === "eth_call") throw new FakeNodeError(3, "execution reverted: no", "0xcafe");
      return { method, params };
    });
    const rpc = new RpcClient(node.url);
    const methods = new Map<string, RpcMethod>([
      ...readMethods({ read: (method, params) => rpc.call(method, params), head: () => 20_000 }),
      ["test_echo", (params) => params],
      ["test_hear", (params) => void heard.push(params)],
      [
        "test_fault",
        () => {
          throw new Error("secret path /etc");
        },
      ],
      [
        "test_node",
        () => {
          throw new NodeRpcError(-32000, "words", "0xab");
        },
      ],
    ]);
    gateway = new Gateway({ methods, batchLimit: 3 });
  });
  after(() => node.stop());

  it("answers a call under its own id", async () => {
    for (const id of [7, "seven", null]) {
      const answer = await gateway.handle({ jsonrpc: "2.0", id, method: "test_echo", params: [1] });
      expect(answer).to.deep.equal({ jsonrpc: "2.0", id, result: [1] });
    }
  });

  it("takes missing parameters as none", async () => {
    expect(await gateway.handle({ jsonrpc: "2.0", id: 1, method: "test_echo" })).to.deep.include({ result: [] });
  });

  it("answers a batch in order, with each call's fault in its own place", async () => {
    const batch = [
      1,
      { jsonrpc: "2.0", id: "b", method: "test_fault" },
      { jsonrpc: "2.0", id: "c", method: "test_echo" },
    ];
    const answers = (await gateway.handle(batch)) as RpcAnswer[];
    expect(answers.map(({ id }) => id)).to.deep.equal([null, "b", "c"]);
    expect(answers.map(({ error }) => error?.code)).to.deep.equal([-32600, -32603, undefined]);
  });

  it("does a notification's work and says nothing, alone and in a batch", async () => {
    const notification = { jsonrpc: "2.0", method: "test_hear", params: ["x"] };
    expect(await gateway.handleText(JSON.stringify(notification))).to.equal(undefined);
    expect(await gateway.handle([notification, { ...notification, method: "test_fault" }])).to.equal(undefined);
    expect(await gateway.handle([notification, { ...notification, id: 1 }])).to.have.lengthOf(1);
    expect(heard).to.have.lengthOf(4);
  });

  const malformed: [string, string, number][] = [
    ["text that is no JSON", "{", -32700],
    ["nothing", "", -32700],
    ["a number", "1", -32600],
    ["null", "null", -32600],
    ["an empty batch", "[]", -32600],
    ["an empty object", "{}", -32600],
    ["another version", '{"jsonrpc":"1.0","id":1,"method":"test_echo"}', -32600],
    ["a method that is no text", '{"jsonrpc":"2.0","id":1,"method":1}', -32600],
    ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"test_echo"}', -32600],
    ["named parameters", '{"jsonrpc":"2.0","id":1,"method":"test_echo","params":{"a":1}}', -32602],
  ];
  for (const [what, text, code] of malformed) {
    it(`refuses ${what} with ${code}`, async () => {
      const answer = JSON.parse((await gateway.handleText(text)) as string) as RpcAnswer;
      expect(answer.error?.code).to.equal(code);
      expect(answer).to.have.property("id");
    });
  }

  it("refuses a batch over the limit as a whole", async () => {
    const call = { jsonrpc: "2.0", id: 1, method: "test_echo" };
    const answer = (await gateway.handle([call, call, call, call])) as RpcAnswer;
    expect(codeOf(answer)).to.equal("request.batch-too-large");
    expect(answer.error?.data).to.include({ calls: 4, most: 3 });
  });

  it("tells a method that does not exist from one that is not offered", async () => {
    for (const method of ["eth_foo", "foo", "__proto__", "constructor"]) {
      const answer = await ask(gateway, method);
      expect(codeOf(answer), method).to.equal("request.method-unknown");
      expect(answer.error?.code).to.equal(-32601);
    }
    const refused = ["eth_sendTransaction", "eth_sign", "debug_traceTransaction", "personal_unlockAccount"];
    refused.push("anvil_setBalance", "evm_mine", "hardhat_impersonateAccount", "admin_peers", "txpool_content");
    for (const method of refused) expect(codeOf(await ask(gateway, method)), method).to.equal("request.method-refused");
    expect(node.calls).to.have.lengthOf(0);
  });

  it("forwards reads and hands answers back as they are", async () => {
    const params = ["0x0000000000000000000000000000000000000001", "latest"];
    expect((await ask(gateway, "eth_getBalance", params)).result).to.deep.equal({ method: "eth_getBalance", params });
  });

  it("passes a node's revert through with code, message and data", async () => {
    const answer = await ask(gateway, "eth_call", [{}, "latest"]);
    expect(answer.error).to.deep.equal({ code: 3, message: "execution reverted: no", data: "0xcafe" });
    expect((await ask(gateway, "test_node")).error).to.deep.equal({ code: -32000, message: "words", data: "0xab" });
  });

  it("hides what went wrong inside", async () => {
    const answer = await ask(gateway, "test_fault");
    expect(codeOf(answer)).to.equal("service.internal");
    expect(JSON.stringify(answer)).to.not.contain("secret");
  });

  it("knows that nothing costs a fee, whatever the node suggests", async () => {
    expect((await ask(gateway, "eth_gasPrice")).result).to.equal("0x0");
    expect((await ask(gateway, "eth_maxPriorityFeePerGas")).result).to.equal("0x0");
  });

  it("holds no accounts", async () => {
    expect((await ask(gateway, "eth_accounts")).result).to.deep.equal([]);
  });

  it("limits the blocks that a log search looks through", async () => {
    const search = (filter: unknown) => ask(gateway, "eth_getLogs", [filter]);
    expect(codeOf(await search({ fromBlock: "0x0", toBlock: "latest" }))).to.equal("request.range-too-large");
    expect(codeOf(await search({ fromBlock: "earliest" }))).to.equal("request.range-too-large");
    expect(codeOf(await search({ fromBlock: "0x0", toBlock: "0xffffffff" }))).to.equal("request.range-too-large");
    expect(codeOf(await search({ fromBlock: "yesterday" }))).to.equal("request.invalid");
    expect(codeOf(await search([]))).to.equal("request.invalid");
    expect(codeOf(await search({ fromBlock: "0x2711", toBlock: "latest" }))).to.equal(undefined);
    expect(codeOf(await search({}))).to.equal(undefined);
    expect(codeOf(await search({ blockHash: `0x${"00".repeat(32)}` }))).to.equal(undefined);
  });

  it("answers anything at all with an answer or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const answer = await gateway.handleText(text);
        if (answer !== undefined) expect(JSON.parse(answer)).to.satisfy((value: unknown) => typeof value === "object");
      }),
      { numRuns: 300 },
    );
  });
});
