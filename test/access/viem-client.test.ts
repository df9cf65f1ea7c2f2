import websocket from "@fastify/websocket";
import { expect } from "chai";
import { Contract, id, WebSocketProvider } from "ethers";
import Fastify, { type FastifyInstance } from "fastify";
import { createPublicClient, http, webSocket } from "viem";
import { createBundlerClient, entryPoint08Abi, toSmartAccount } from "viem/account-abstraction";
import { privateKeyToAccount } from "viem/accounts";
import { abi } from "../../generated/abi.ts";
import type { AccessNode } from "../../src/access/access-node.ts";
import { encodeExecute } from "../../src/core/execution.ts";
import { ENTRY_POINT } from "../../src/core/user-operation.ts";
import { CHAIN_ID, type Owner, TestNetwork } from "./test-network.ts";

type Hex = `0x${string}`;

describe("clients over HTTP and WebSocket", function () {
  this.timeout(60_000);
  let network: TestNetwork;
  let node: AccessNode;
  let server: FastifyInstance;
  let url: string;
  let alice: Owner;

  before(async () => {
    network = await TestNetwork.start();
    node = await network.accessNode({ limits: { body: 20_000 } });
    alice = await network.account("alice");
    server = Fastify();
    await server.register(websocket);
    await server.register(node.routes, node.routeOptions);
    url = `${await server.listen({ host: "127.0.0.1", port: 0 })}/rpc`;
  });
  after(async () => {
    await server.close();
    await network.stop();
  });

  const chain = {
    id: CHAIN_ID,
    name: "BROP",
    nativeCurrency: { name: "none", symbol: "NONE", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  } as const;

  /** A viem account for ours: only what is the account's own; nonce, gas and fees are viem's. */
  async function viemAccount(owner: Owner) {
    const client = createPublicClient({ chain, transport: http(url) });
    const key = privateKeyToAccount(owner.wallet.privateKey as Hex);
    return toSmartAccount({
      client,
      entryPoint: { abi: entryPoint08Abi, address: ENTRY_POINT, version: "0.8" },
      getAddress: async () => owner.address as Hex,
      getFactoryArgs: async () => ({ factory: undefined, factoryData: undefined }),
      encodeCalls: async (calls) =>
        encodeExecute(calls.map(({ to, value, data }) => ({ target: to, value, data: data ?? "0x" }))) as Hex,
      getStubSignature: async () => `0x${"ff".repeat(64)}1c`,
      signMessage: ({ message }) => key.signMessage({ message }),
      signTypedData: (data) => key.signTypedData(data as Parameters<typeof key.signTypedData>[0]),
      signUserOperation: async (operation) => {
        const { getUserOperationHash } = await import("viem/account-abstraction");
        const hash = getUserOperationHash({
          chainId: CHAIN_ID,
          entryPointAddress: ENTRY_POINT,
          entryPointVersion: "0.8",
          userOperation: { ...operation, sender: owner.address as Hex, signature: "0x" },
        });
        return key.sign({ hash });
      },
    });
  }

  it("viem's bundler client estimates, sends and gets its receipt, with its own default nonce", async () => {
    const account = await viemAccount(alice);
    const client = createPublicClient({ chain, transport: http(url) });
    const bundler = createBundlerClient({ account, client, transport: http(url), pollingInterval: 100 });
    const { target, data } = network.recordCall("from viem");
    const calls = [{ to: target as Hex, data: data as Hex }];
    const estimated = await bundler.estimateUserOperationGas({ calls });
    expect(estimated.callGasLimit > 30_000n).to.equal(true);
    const hash = await bundler.sendUserOperation({ calls });
    const receipt = await bundler.waitForUserOperationReceipt({ hash });
    expect(receipt.success).to.equal(true);
    expect(receipt.sender).to.equal(alice.address);
    const sent = await bundler.getUserOperation({ hash });
    expect(sent.userOperation.nonce >> 64n > 1_600_000_000_000n, "the nonce key is the time").to.equal(true);
    expect(await bundler.getSupportedEntryPoints()).to.deep.equal([ENTRY_POINT]);
    const logs = await client.getContractEvents({
      address: target as Hex,
      abi: abi.Records,
      eventName: "Recorded",
      fromBlock: receipt.receipt.blockNumber,
    });
    expect(logs.map(({ args }) => args.digest)).to.deep.equal([id("from viem")]);
  });

  it("viem sees why an operation would revert", async () => {
    const bundler = createBundlerClient({
      account: await viemAccount(alice),
      client: createPublicClient({ chain, transport: http(url) }),
      transport: http(url),
    });
    const { target, data } = network.recordCall("from viem");
    const failure = await bundler
      .estimateUserOperationGas({ calls: [{ to: target as Hex, data: data as Hex }] })
      .catch((error: Error) => error);
    expect((failure as Error).message).to.match(/already recorded/);
  });

  it("viem's WebSocket transport reads and watches blocks", async () => {
    const client = createPublicClient({ chain, transport: webSocket(url.replace("http", "ws")) });
    const seen: bigint[] = [];
    const stop = client.watchBlockNumber({ onBlockNumber: (number) => seen.push(number) });
    expect(await client.getChainId()).to.equal(CHAIN_ID);
    while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
    expect(seen[1]).to.equal((seen[0] as bigint) + 1n);
    expect(seen[2]).to.equal((seen[0] as bigint) + 2n);
    (await client.transport.getRpcClient()).close();
  });

  it("ethers' WebSocketProvider hears of events and blocks", async () => {
    const provider = new WebSocketProvider(url.replace("http", "ws"), CHAIN_ID, { staticNetwork: true });
    const records = new Contract(network.addresses.Records ?? "", abi.Records, provider);
    const heard = new Promise<string>((resolve) => records.on("Recorded", (digest: string) => resolve(digest)));
    const block = new Promise<number>((resolve) => provider.once("block", resolve));
    await provider.getBlockNumber();
    const bundler = createBundlerClient({
      account: await viemAccount(alice),
      client: createPublicClient({ chain, transport: http(url) }),
      transport: http(url),
    });
    const { target, data } = network.recordCall("heard over the socket");
    await bundler.sendUserOperation({ calls: [{ to: target as Hex, data: data as Hex }] });
    expect(await heard).to.equal(id("heard over the socket"));
    expect(await block).to.be.greaterThan(0);
    // ethers unsubscribes behind its caller's back: an answer that comes after these closes the socket on nothing.
    await records.removeAllListeners();
    await provider.removeAllListeners();
    await provider.getBlockNumber();
    await provider.destroy();
  });

  it("a page of any origin may call", async () => {
    const origin = { origin: "https://example.org", "access-control-request-method": "POST" };
    const preflight = await fetch(url, { method: "OPTIONS", headers: origin });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-origin")).to.equal("*");
    const answer = await post('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}');
    expect(answer.headers.get("access-control-allow-origin")).to.equal("*");
    expect(await answer.json()).to.include({ result: "0x20e4" });
  });

  it("a body over the limit is refused with 413, over WebSocket with the same code", async () => {
    const long = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: ["x".repeat(20_000)] });
    const answer = await post(long);
    expect(answer.status).to.equal(413);
    expect(await answer.json()).to.have.nested.property("error.data.code", "request.too-large");
    const socket = new WebSocket(url.replace("http", "ws"));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const reply = new Promise<string>((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
    socket.send(long);
    expect(JSON.parse(await reply)).to.have.nested.property("error.data.code", "request.too-large");
    socket.close();
  });

  it("malformed JSON, a form and a notification are answered in JSON-RPC's way", async () => {
    const malformed = await post("{");
    expect(await malformed.json()).to.have.nested.property("error.code", -32700);
    const form = await fetch(url, { method: "POST", body: new URLSearchParams({ a: "b" }) });
    expect(await form.json()).to.have.nested.property("error.code", -32700);
    expect((await post('{"jsonrpc":"2.0","method":"eth_chainId"}')).status).to.equal(204);
  });

  it("subscriptions need a socket, know two kinds, and end when asked", async () => {
    const overHttp = await post('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}');
    expect(await overHttp.json()).to.have.nested.property("error.data.code", "request.method-refused");
    const socket = new WebSocket(url.replace("http", "ws"));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const replies: { id?: number; result?: unknown; error?: { code: number }; params?: unknown }[] = [];
    socket.addEventListener("message", ({ data }) => replies.push(JSON.parse(data)));
    const until = async (count: number) => {
      while (replies.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const ask = (number: number, method: string, params: unknown[]) =>
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: number, method, params }));
    ask(1, "eth_subscribe", ["newPendingTransactions"]);
    ask(2, "eth_subscribe", ["logs", { address: "nonsense" }]);
    ask(3, "eth_subscribe", ["newHeads"]);
    await until(4);
    expect(replies.slice(0, 2).map(({ error }) => error?.code)).to.deep.equal([-32602, -32602]);
    const subscription = replies[2]?.result;
    expect(replies[3]?.params).to.have.property("subscription", subscription);
    ask(4, "eth_unsubscribe", [subscription]);
    ask(5, "eth_unsubscribe", [subscription]);
    await until(6);
    expect(replies.filter(({ id }) => id === 4)[0]).to.include({ result: true });
    expect(replies.filter(({ id }) => id === 5)[0]).to.include({ result: false });
    socket.close();
  });

  function post(body: string) {
    return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  }
});
