import type { Path } from "./place.ts";

/** A consortium as its file describes it (`network/consortium.example.yaml`). */
export interface Consortium {
  /** Stands in names of files. */
  name: string;
  chainId: number;
  blockGasLimit: number;
  /** Council's delay and lifetime of proposals; the platform's own without it. */
  council?: { delayBlocks: number; lifetimeBlocks: number };
  /** First block in which a rule of the validators' plugin holds, where it is not block 1. */
  activations: Partial<Record<PluginRule, number>>;
  operator: Holder;
  /** Further admission parties; the operator is the first. */
  admissionParties: string[];
  regulators: string[];
  nodes: NodePlan[];
}

/** The address of somebody's key, or that a key is to be made for a trial. */
export type Holder = string | typeof GENERATE;

export const GENERATE = "generate";

export type NodeKind = "validator" | "full" | "access";

/** What is the same for nodes of every kind. */
interface NodeCommon {
  name: string;
  /** IP address under which the other nodes reach it. */
  host: string;
  /** IP address on which it answers JSON-RPC, WebSocket and metrics. */
  rpcHost: string;
  ports: NodePorts;
  /** Java's memory, for example `2g`. */
  memory: string;
  key: NodeKey;
  /** Where it stands in the file, for faults found later. */
  place: Path;
}

export interface ValidatorPlan extends NodeCommon {
  kind: "validator";
  /** Council seat of the bookkeeper who runs it. */
  seat: Holder;
  /** That whoever asks for the node's place has its key, where the key was not made here and the network runs already. */
  proof?: string;
}

/** A partner's own node. */
export interface FullNodePlan extends NodeCommon {
  kind: "full";
}

/** The operator's node with the services beside it. */
export interface AccessNodePlan extends NodeCommon {
  kind: "access";
  /** The relay of its bundler. */
  relay: Holder;
  /** Port of site, API and JSON-RPC. */
  platformPort: number;
}

export type NodePlan = ValidatorPlan | FullNodePlan | AccessNodePlan;

export interface NodePorts {
  p2p: number;
  rpc: number;
  ws: number;
  metrics: number;
}

/** Who keeps the key of a node, which signs blocks and the node's connections. */
export type NodeKey =
  /** Made here, into the node's package. */
  | { custody: "file" }
  /** Made by whoever runs the node, who alone has it. */
  | { custody: "own"; publicKey: string }
  /** In a token that never gives it away. */
  | HsmKey;

export interface HsmKey {
  custody: "hsm";
  publicKey: string;
  provider: HsmProvider;
  /** The token's PKCS#11 library on the node's machine; none for CloudHSM. */
  library?: string;
  slot?: number;
  alias: string;
  /** CloudHSM names private and public key apart. */
  publicKeyAlias?: string;
}

/** Rules of `network/plugin`. */
export const PLUGIN_RULES = ["types", "creation", "admission", "allowance", "quota"] as const;
export type PluginRule = (typeof PLUGIN_RULES)[number];

/** Ways of Besu's HSM plugin to a token. */
export const HSM_PROVIDERS = ["native-pkcs11", "sunpkcs11-jce", "cloudhsm-jce"] as const;
export type HsmProvider = (typeof HSM_PROVIDERS)[number];

export const DEFAULT_PORTS: NodePorts = { p2p: 30_303, rpc: 8_545, ws: 8_546, metrics: 9_545 };
export const DEFAULT_PLATFORM_PORT = 8_420;
export const DEFAULT_MEMORY = "2g";
/** Besu 26.8 may take too long over a block that is fuller: docs in network/README.md. */
export const DEFAULT_BLOCK_GAS_LIMIT = 60_000_000;
