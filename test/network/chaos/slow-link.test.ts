import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SlowLink } from "../../../src/network/chaos/slow-link.ts";
import { restoreSettings, slowDown } from "../../../src/network/chaos/slow-node.ts";
import type { NetworkNode } from "../../../src/network/record.ts";
import { freePort } from "../support/ports.ts";
import { snapshot } from "../support/snapshot.ts";

const DELAY = 60;

describe("A slow link between nodes", () => {
  let server: Server;
  const sockets: Socket[] = [];
  let root: string;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "brop-slow-"));
    // Says everything back.
    server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket);
      socket.pipe(socket).on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(root, { recursive: true });
  });

  const port = () => (server.address() as { port: number }).port;

  it("passes everything in its order, later by its delay in each direction", async () => {
    const link = await SlowLink.open(0, port(), DELAY);
    const client = connect(link.port, "127.0.0.1");
    const parts = Array.from({ length: 50 }, (_, at) => `${at};`.repeat(500));
    const began = performance.now();
    for (const part of parts) client.write(part);
    client.end();
    let heard = "";
    for await (const bytes of client) heard += bytes;
    expect(heard === parts.join(""), `${heard.length} characters`).to.equal(true);
    expect(performance.now() - began).to.be.at.least(2 * DELAY - 2);
    await link.close();
  });

  it("ends with all its connections, and with either side", async () => {
    const link = await SlowLink.open(0, port(), 1);
    const client = connect(link.port, "127.0.0.1");
    await new Promise((resolve) => client.once("connect", resolve));
    while (sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = new Promise((resolve) => client.once("close", resolve));
    sockets[0]?.destroy();
    await closed;
    const another = connect(link.port, "127.0.0.1");
    another.on("error", () => undefined);
    await new Promise((resolve) => another.once("connect", resolve));
    const gone = new Promise((resolve) => another.once("close", resolve));
    await link.close();
    await gone;
  });

  it("puts itself on every way of a node, and leaves the node as it was", async () => {
    const folder = join(root, "node");
    mkdirSync(join(folder, "config"), { recursive: true });
    const p2p = await freePort();
    const peers = [`enode://aa@127.0.0.1:${port()}`, `enode://bb@127.0.0.1:${port()}`];
    writeFileSync(join(folder, "config/besu.toml"), `rpc-http-port = 1\np2p-port = ${p2p}\nmax-peers = 100\n`);
    writeFileSync(join(folder, "config/static-nodes.json"), JSON.stringify(peers));
    const before = snapshot(folder);

    const links = await slowDown(folder, { ports: { p2p } } as NetworkNode, DELAY);
    expect(links[0]?.port).to.equal(p2p);
    const settings = readFileSync(join(folder, "config/besu.toml"), "utf8");
    expect(settings)
      .to.match(/^p2p-port = \d+$/m)
      .and.to.not.contain(`p2p-port = ${p2p}\n`);
    const slow = JSON.parse(readFileSync(join(folder, "config/static-nodes.json"), "utf8")) as string[];
    expect(slow).to.deep.equal([`enode://aa@127.0.0.1:${links[1]?.port}`, `enode://bb@127.0.0.1:${links[2]?.port}`]);

    restoreSettings(folder);
    restoreSettings(folder);
    expect(snapshot(folder)).to.deep.equal(before);
    for (const link of links) await link.close();
  });

  it("leaves the node as it was when its port is taken", async () => {
    const folder = join(root, "node");
    mkdirSync(join(folder, "config"), { recursive: true });
    writeFileSync(join(folder, "config/besu.toml"), `p2p-port = ${port()}\n`);
    writeFileSync(join(folder, "config/static-nodes.json"), "[]");
    const before = snapshot(folder);
    const failed = await slowDown(folder, { ports: { p2p: port() } } as NetworkNode, 1).then(
      () => "slow",
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(failed).to.equal("EADDRINUSE");
    expect(snapshot(folder)).to.deep.equal(before);
  });
});
