import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { NetworkNode } from "../record.ts";
import { SlowLink } from "./slow-link.ts";

/** Where a node's own settings wait while it is slow. */
const KEPT = ".before-chaos";
const SETTINGS = "config/besu.toml";
const PEERS = "config/static-nodes.json";

/**
 * Puts a slow link on every way between an installed node, which must not run meanwhile, and the others: it listens at
 * another port and the link at its own, and it reaches its peers by links of their own. The others need not be touched.
 *
 * @param folder where the node's package is installed
 * @param delay milliseconds in each direction
 * @returns the links, to be closed when the node has its own settings back
 */
export async function slowDown(folder: string, { ports }: NetworkNode, delay: number): Promise<SlowLink[]> {
  const settings = readFileSync(join(folder, SETTINGS), "utf8");
  const peers = JSON.parse(readFileSync(join(folder, PEERS), "utf8")) as string[];
  const links: SlowLink[] = [];
  try {
    const behind = await freePort();
    links.push(await SlowLink.open(ports.p2p, behind, delay));
    const slowPeers: string[] = [];
    for (const peer of peers) {
      const link = await SlowLink.open(0, Number(peer.slice(peer.lastIndexOf(":") + 1)), delay);
      links.push(link);
      slowPeers.push(peer.replace(/:\d+$/, `:${link.port}`));
    }
    replace(join(folder, SETTINGS), settings.replace(/^p2p-port = .*$/m, `p2p-port = ${behind}`));
    replace(join(folder, PEERS), `${JSON.stringify(slowPeers, null, 2)}\n`);
    return links;
  } catch (error) {
    await Promise.all(links.map((link) => link.close()));
    restoreSettings(folder);
    throw error;
  }
}

/** Gives a node its own settings back, where they were changed; also after a run that was killed. */
export function restoreSettings(folder: string): void {
  for (const file of [SETTINGS, PEERS]) {
    const path = join(folder, file);
    if (existsSync(path + KEPT)) renameSync(path + KEPT, path);
  }
}

function replace(path: string, text: string): void {
  // Were it killed between the two: `restoreSettings` finds the old ones.
  renameSync(path, path + KEPT);
  writeFileSync(path, text);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
