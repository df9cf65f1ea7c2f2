/**
 * Who may import whom: the table of docs/architecture.md. A layer may always import from itself.
 * A layer is a folder or file directly under `src/`, or `scripts`.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  scripts: ["core", "chain", "config.ts"],
  "config.ts": ["core"],
  chain: ["core"],
  store: ["core"],
  indexer: ["core", "chain", "store", "config.ts"],
  access: ["core", "chain", "store", "config.ts"],
  push: ["core", "store"],
  uplink: ["core", "chain", "store", "access"],
  retrieval: ["core", "store"],
  operator: ["core", "chain", "store", "sdk", "scripts"],
  timestamp: ["core", "chain", "store"],
  api: [
    "core",
    "chain",
    "store",
    "indexer",
    "access",
    "push",
    "uplink",
    "retrieval",
    "operator",
    "timestamp",
    "config.ts",
  ],
  sdk: ["core", "chain"],
  platform: [
    ...[
      "core",
      "chain",
      "store",
      "indexer",
      "access",
      "push",
      "uplink",
      "retrieval",
      "operator",
      "timestamp",
      "api",
      "sdk",
      "config.ts",
    ],
    "scripts",
  ],
  network: ["core", "chain", "sdk", "platform", "config.ts"],
  cli: [
    ...[
      "core",
      "chain",
      "store",
      "retrieval",
      "indexer",
      "access",
      "push",
      "operator",
      "timestamp",
      "api",
      "sdk",
      "platform",
      "network",
      "config.ts",
    ],
    "scripts",
  ],
  web: ["core", "sdk"],
};

/** Layers of which every file must run in a browser, unless its name ends in `.node.ts`. */
export const BROWSER_LAYERS: readonly string[] = ["core", "sdk", "web"];
