import type { NetworkNode } from "../../../../src/network/record.ts";

function node(name: string, kind: NetworkNode["kind"], host: string, more: Partial<NetworkNode> = {}): NetworkNode {
  return {
    ...{ name, kind, host, rpcHost: "127.0.0.1", memory: "2g", key: { custody: "file" as const }, founding: true },
    ...{ address: `0x${"1".repeat(40)}`, publicKey: `0x${"2".repeat(128)}`, digest: "" },
    ports: { p2p: 30_303, rpc: 8_545, ws: 8_546, metrics: 9_545 },
    ...more,
  };
}

/** Nodes at several institutions: one tells its measurements to its network, the others to their machines only. */
export const NODES: readonly NetworkNode[] = [
  node("bank", "validator", "10.20.1.11", { rpcHost: "10.20.1.11" }),
  node("notary", "validator", "10.20.2.11"),
  node("everybody", "validator", "10.20.3.11", { rpcHost: "0.0.0.0" }),
  node("access-1", "access", "10.20.0.21", { platformPort: 8_420 }),
  node("access-2", "access", "10.20.0.22", { platformPort: 8_420 }),
];
