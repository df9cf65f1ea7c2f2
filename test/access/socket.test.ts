import { expect } from "chai";
import type { WebSocket } from "ws";
import type { RpcAnswer, RpcConnection } from "../../src/access/json-rpc.ts";
import { type FakeNode, startFakeNode } from "../chain/fake-node.ts";
import { type InterfaceServer, nextMessage, startInterface } from "./interface-server.ts";
import { codeOf } from "./rpc-caller.ts";

const MEBIBYTE = 1_048_576;

describe("WebSocket connections", function () {
  this.timeout(20_000);
  let node: FakeNode;
  let server: InterfaceServer;
  let connections: RpcConnection[] = [];
  let letGo: () => void = () => undefined;

  before(async () => {
    node = await startFakeNode(() => "0x1");
  });
  after(() => node.stop());
  const start = (heartbeat: number) =>
    startInterface(
      node.url,
      {
        test_hold: () => new Promise((resolve) => (letGo = () => resolve(1))),
        test_join: (_params, connection) => {
          if (connection !== undefined) connections.push(connection);
          return true;
        },
      },
      {
        sockets: {
          ...{ connections: 3, calls: 4, waiting: 4 * MEBIBYTE, waitingInAll: 6 * MEBIBYTE },
          ...{ heartbeat, body: 2_000 },
        },
      },
    );

  beforeEach(async () => {
    connections = [];
    server = await start(60_000);
  });
  afterEach(() => server.stop());

  const send = (socket: WebSocket, method: string, id = 1) =>
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method }));
  const ended = (socket: WebSocket) =>
    new Promise<number>((resolve) => {
      socket.once("close", (code) => resolve(code));
    });
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("are as many as the node holds; one more is asked to come later", async () => {
    const open = await Promise.all([1, 2, 3].map(() => server.connect()));
    const fourth = await server.connect();
    expect(await ended(fourth)).to.equal(1013);
    expect(server.sockets.counts.open).to.equal(3);
    open[0]?.close();
    await until(() => server.sockets.counts.open === 2);
    const fifth = await server.connect();
    send(fifth, "eth_chainId");
    expect((await nextMessage(fifth)).result).to.equal("0x1");
  });

  it("have some calls under way at once, and are told to wait with more", async () => {
    const socket = await server.connect();
    const answers: RpcAnswer[] = [];
    socket.on("message", (data) => answers.push(...([JSON.parse(data.toString())].flat() as RpcAnswer[])));
    const batch = (calls: number) =>
      socket.send(
        JSON.stringify(Array.from({ length: calls }, (_, id) => ({ jsonrpc: "2.0", id, method: "test_join" }))),
      );
    send(socket, "test_hold");
    batch(4);
    await until(() => answers.length === 1);
    expect(answers.map(codeOf)).to.deep.equal(["request.rate-limited"]);
    expect(answers[0]?.error?.data).to.include({ callsUnderWay: 1, retryAfter: 1 });
    batch(3);
    await until(() => answers.length === 4);
    letGo();
    await until(() => answers.length === 5);
    batch(4);
    await until(() => answers.length === 9);
    expect(answers.slice(1).map(codeOf)).to.deep.equal(Array.from({ length: 8 }, () => undefined));
  });

  it("are refused a message over the limit, and text that is no JSON, and go on", async () => {
    const socket = await server.connect();
    socket.send("x".repeat(2_001));
    expect(codeOf(await nextMessage(socket))).to.equal("request.too-large");
    socket.send("{");
    expect(codeOf(await nextMessage(socket))).to.equal("request.malformed");
    send(socket, "eth_chainId");
    expect((await nextMessage(socket)).result).to.equal("0x1");
  });

  it("that take nothing are cut off before much waits for them, and nobody else notices", async () => {
    const [slow, quick] = [await server.connect(), await server.connect()];
    for (const socket of [slow, quick]) {
      send(socket, "test_join");
      await nextMessage(socket);
    }
    slow.pause();
    let heard = 0;
    quick.on("message", () => heard++);
    const gone = new Promise<void>((resolve) => connections[0]?.onClose(resolve));
    const news = "x".repeat(256 * 1024);
    for (let round = 0; round < 60; round++) {
      for (const connection of connections) connection.notify("eth_subscription", news);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await gone;
    await until(() => heard === 60);
    expect(server.sockets.counts).to.deep.equal({ open: 1, cutOff: 1 });
    slow.resume();
  });

  it("that each take a little too slowly are cut off when all of them together cost too much", async () => {
    const slow = await Promise.all([1, 2, 3].map(() => server.connect()));
    for (const socket of slow) {
      send(socket, "test_join");
      await nextMessage(socket);
      socket.pause();
    }
    const news = "x".repeat(512 * 1024);
    for (let round = 0; round < 40 && server.sockets.counts.cutOff === 0; round++) {
      for (const connection of connections) connection.notify("eth_subscription", news);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(server.sockets.counts.cutOff).to.be.within(1, 3);
    for (const socket of slow) socket.resume();
  });

  it("that vanished without a word are ended", async () => {
    await server.stop();
    server = await start(150);
    const socket = await server.connect();
    send(socket, "test_join");
    await nextMessage(socket);
    const gone = new Promise<void>((resolve) => connections[0]?.onClose(resolve));
    // No answer to a sign of life: as if the cable were cut.
    socket.pause();
    await gone;
    expect(server.sockets.counts.open).to.equal(0);
    socket.resume();
  });
});
