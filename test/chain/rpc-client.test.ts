import { createServer } from "node:http";
import { expect } from "chai";
import { NodeRpcError, RpcClient } from "../../src/chain/rpc-client.ts";
import { BropError } from "../../src/core/errors.ts";
import { type FakeNode, FakeNodeError, startFakeNode } from "./fake-node.ts";

describe("RPC client", () => {
  let node: FakeNode;
  let rpc: RpcClient;

  before(async () => {
    node = await startFakeNode((method, params) => {
      if (method === "echo") return params;
      throw new FakeNodeError(3, "execution reverted", { data: "0xdeadbeef" });
    });
    rpc = new RpcClient(node.url);
  });
  after(async () => {
    rpc.close();
    await node.stop();
  });

  it("returns a call's result", async () => {
    expect(await rpc.call("echo", ["匯", 1])).to.deep.equal(["匯", 1]);
  });

  it("passes a node's error through with code, message and data", async () => {
    const error = await rejection(rpc.call("revert"));
    expect(error).to.be.instanceOf(NodeRpcError);
    expect((error as NodeRpcError).toRpcError()).to.deep.equal({
      code: 3,
      message: "execution reverted",
      data: { data: "0xdeadbeef" },
    });
    expect((error as NodeRpcError).revertData).to.equal("0xdeadbeef");
  });

  it("matches a batch's answers by id, whatever their order, with errors in place", async () => {
    const results = await rpc.batch([{ method: "echo", params: [1] }, { method: "revert" }, { method: "echo" }]);
    expect(results[0]).to.deep.equal([1]);
    expect(results[1]).to.be.instanceOf(NodeRpcError);
    expect(results[2]).to.deep.equal([]);
    expect(await rpc.batch([])).to.deep.equal([]);
  });

  it("sends a long batch in parts and puts the answers together", async () => {
    const requests = Array.from({ length: 1_201 }, (_, index) => ({ method: "echo", params: [index] }));
    expect(await rpc.batch(requests)).to.deep.equal(requests.map(({ params }) => params));
  });

  it("uses a new connection when the node closed the kept one", async () => {
    let connections = 0;
    const server = createServer((request, response) => {
      request.resume();
      request.on("end", () => response.end('{"jsonrpc":"2.0","id":1,"result":"here"}'));
    });
    // Each connection answers once and is reset when it is used again.
    server.on("connection", (socket) => {
      connections++;
      let requests = 0;
      socket.on("data", () => ++requests > 1 && socket.resetAndDestroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = new RpcClient(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    expect(await client.call("a")).to.equal("here");
    expect(await client.call("b")).to.equal("here");
    expect(connections).to.equal(2);
    client.close();
    server.closeAllConnections();
    server.close();
  });

  it("throws the first error of a batch when all are wanted", async () => {
    expect(await rejection(rpc.all([{ method: "echo" }, { method: "revert" }]))).to.be.instanceOf(NodeRpcError);
  });

  it("finds revert data behind words, as some nodes write it", () => {
    expect(new NodeRpcError(-32015, "VM execution error", "Reverted 0xdeadbeef").revertData).to.equal("0xdeadbeef");
    expect(new NodeRpcError(-32000, "no data").revertData).to.equal(undefined);
  });

  it("says that a node which is not there is unreachable", async () => {
    const gone = await startFakeNode(() => 1);
    await gone.stop();
    expect(await rejection(new RpcClient(gone.url).call("echo"))).to.include({ code: "chain.unreachable" });
  });

  it("says that a node which answers no JSON, half an answer or nothing in time is unreachable", async () => {
    const answers = [
      (response: import("node:http").ServerResponse) => response.end("<html>"),
      (response: import("node:http").ServerResponse) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{");
        response.destroy();
      },
      () => undefined,
    ];
    for (const answer of answers) {
      const server = createServer((_, response) => void answer(response));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const client = new RpcClient(`http://127.0.0.1:${port}`, { timeout: 100 });
      const error = await rejection(client.call("echo"));
      expect(error).to.be.instanceOf(BropError);
      expect(error).to.include({ code: "chain.unreachable" });
      client.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}
