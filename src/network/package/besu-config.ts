import type { NetworkNode } from "../record.ts";

/** What all nodes of a network have in common. */
export interface NetworkRules {
  /** Gas of a block. */
  blockGasLimit: number;
  /** First block in which a rule of the plugin holds, where that is not block 1. */
  activations: Readonly<Record<string, number>>;
}

const PLUGIN = "BropPlugin";
const HSM_PLUGIN = "HsmPlugin";
const METHODS = ["ETH", "NET", "WEB3", "QBFT", "TXPOOL", "BROP"];
/** Besu's own choice without the plugin's, which has to be named. */
const METRICS = [
  ...["BLOCKCHAIN", "ETHEREUM", "EXECUTORS", "NETWORK", "PEERS", "PERMISSIONING", "PRUNER", "RPC", "SYNCHRONIZER"],
  ...["TRANSACTION_POOL", "BLOCK_PROCESSING", "BONSAI_CACHE", "JVM", "PROCESS", "BROP"],
];
const LOOPBACK = "127.0.0.1";
/** A day and a week of blocks. */
const HISTORY_BLOCKS = { validator: 28_800, full: 201_600, access: 201_600 };

/** A node's `besu.toml`. Its paths begin in the package's folder, where the node is started. */
export function besuConfig(node: NetworkNode, { activations, blockGasLimit }: NetworkRules): string {
  const { key, ports, host, rpcHost } = node;
  const local = host === LOOPBACK;
  const plugins = key.custody === "hsm" ? [PLUGIN, HSM_PLUGIN] : [PLUGIN];
  const rules = Object.entries(activations).map(([rule, block]) => `${rule}:${block}`);
  const sections: [title: string, settings: Settings][] = [
    [
      "The network",
      {
        "genesis-file": "config/genesis.json",
        "data-path": "data",
        "data-storage-format": "BONSAI",
        "bonsai-historical-block-limit": HISTORY_BLOCKS[node.kind],
        "bonsai-limit-trie-logs-enabled": false,
        "bonsai-parallel-tx-processing-enabled": true,
        "sync-mode": "FULL",
        "sync-min-peers": 1,
        // No fees: the pool takes every price, and no price above zero is asked for.
        "min-gas-price": 0,
        "tx-pool-min-gas-price": 0,
        "tx-pool-max-prioritized": 20_000,
        // One relay sends all of an access node's bundles.
        "tx-pool-max-future-by-sender": 20_000,
        "tx-pool-no-local-priority": true,
        // A proposer may move a block's gas limit by a 1024th. Without a goal the others keep what one of them made of it,
        // and a single validator could talk it down to nothing within a day.
        "target-gas-limit": blockGasLimit,
        // Percent of a block's time. Besu 26.8.0 ignores it on this kind of chain: the plugin ends the selection.
        "poa-block-txs-selection-max-time": 60,
      },
    ],
    [
      "The rules that every node applies by itself; Besu does not start without them",
      { plugins, ...(rules.length === 0 ? {} : { "plugin-brop-activations": rules.join(",") }) },
    ],
    ["The node's key", keySettings(node)],
    [
      "Peers: only those that are named",
      {
        "static-nodes-file": "config/static-nodes.json",
        "discovery-enabled": false,
        "p2p-host": host,
        "p2p-interface": local ? LOOPBACK : "0.0.0.0",
        "p2p-port": ports.p2p,
        "nat-method": "NONE",
        "max-peers": 100,
        "remote-connections-limit-enabled": false,
      },
    ],
    [
      "JSON-RPC and WebSocket: for this machine, or for a network that only this institution reaches",
      {
        "rpc-http-enabled": true,
        "rpc-http-host": rpcHost,
        "rpc-http-port": ports.rpc,
        "rpc-http-api": METHODS,
        "rpc-http-max-active-connections": 300,
        "rpc-ws-enabled": true,
        "rpc-ws-host": rpcHost,
        "rpc-ws-port": ports.ws,
        "rpc-ws-api": METHODS,
        "host-allowlist": [...new Set(["localhost", LOOPBACK, rpcHost, host])],
      },
    ],
    [
      "Prometheus metrics",
      {
        "metrics-enabled": true,
        "metrics-host": rpcHost,
        "metrics-port": ports.metrics,
        "metrics-category": METRICS,
      },
    ],
    ["Log", { logging: "INFO", "color-enabled": false }],
  ];
  return `# Besu's settings for ${node.name}. \`brop network init\` made them.\n${sections.map(section).join("")}`;
}

function keySettings({ key, name }: NetworkNode): Settings {
  if (key.custody !== "hsm") return { "node-private-key-file": "keys/node.key" };
  const settings: Settings = {
    "security-module": "hsm",
    "plugin-hsm-provider-type": key.provider,
    "plugin-hsm-key-alias": key.alias,
    "plugin-hsm-ec-curve": "secp256k1",
  };
  if (key.provider === "cloudhsm-jce")
    return { ...settings, "plugin-hsm-public-key-alias": key.publicKeyAlias ?? name };
  return { ...settings, "plugin-hsm-config-path": "config/hsm.cfg", "plugin-hsm-password-path": "keys/hsm-pin" };
}

type Settings = Readonly<Record<string, string | number | boolean | readonly string[]>>;

function section([title, settings]: [title: string, settings: Settings]): string {
  // JSON's strings, numbers and lists of strings are TOML's too.
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  return `\n# ${title}\n${lines.join("")}`;
}
