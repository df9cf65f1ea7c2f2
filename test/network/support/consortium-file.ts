import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type InitOptions, initNetwork } from "../../../src/network/init.ts";
import { unpack } from "../../../src/network/package/archive.ts";

/** A node's entry of a consortium's file, on loopback; ports follow from its number. */
export function entry(name: string, number: number, more: Record<string, unknown> = {}) {
  const ports = { p2p: 31_300 + number, rpc: 31_400 + number, ws: 31_500 + number, metrics: 31_600 + number };
  return { name, host: "127.0.0.1", key: "file", ports, ...more };
}

/** A consortium of that many validators, an access node and a partner's node; every key is made. */
export function consortiumOf(validators = 4) {
  return {
    network: { name: "trial", chainId: 84_299 } as Record<string, unknown>,
    operator: { address: "generate" } as Record<string, unknown>,
    regulators: [] as string[],
    validators: Array.from({ length: validators }, (_, at) => entry(`validator-${at + 1}`, at, { seat: "generate" })),
    fullNodes: [entry("partner", 60)],
    accessNodes: [entry("access-1", 50, { relay: "generate", platformPort: 31_700 })],
  };
}

export type Consortium = ReturnType<typeof consortiumOf>;

/** A folder for one test, with the means to make networks in it. */
export function workshop() {
  const root = mkdtempSync(join(tmpdir(), "brop-network-"));
  const file = join(root, "consortium.yaml");
  const plugin = join(root, "plugin.jar");
  writeFileSync(plugin, "not a real plugin");
  const directory = join(root, "network");
  return {
    root,
    file,
    plugin,
    directory,
    write(content: unknown): void {
      writeFileSync(file, typeof content === "string" ? content : stringify(content));
    },
    init(content: unknown, options: Partial<InitOptions> = {}) {
      this.write(content);
      return initNetwork({ file, directory, plugin, ...options });
    },
    /** Unpacks every package. @returns their folders by node */
    async unpacked(): Promise<Record<string, string>> {
      const target = join(root, "unpacked");
      rmSync(target, { recursive: true, force: true });
      const packages = join(directory, "packages");
      const names = readdirSync(packages).filter((name) => name.endsWith(".tar.gz"));
      for (const name of names) await unpack(join(packages, name), target);
      return Object.fromEntries(names.map((name) => [name.slice(0, -7), join(target, name.slice(0, -7))]));
    },
    remove(): void {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type Workshop = ReturnType<typeof workshop>;
