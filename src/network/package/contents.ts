import { BESU_RELEASE } from "../besu-release.ts";
import { enodeOf, type NetworkNode, type NetworkRecord } from "../record.ts";
import type { PackedFile, PackedFiles } from "./archive.ts";
import { besuConfig } from "./besu-config.ts";
import { nodeReadme } from "./readme.ts";
import { template } from "./templates.ts";

/** What a package holds besides what follows from the network's record. */
export interface PackageInputs {
  record: NetworkRecord;
  node: NetworkNode;
  /** Text of `genesis.json`. */
  genesis: string;
  /** Besu's plugin with the network's rules. */
  plugin: Uint8Array;
  /** Besu's HSM plugin, where it is at hand. */
  hsmPlugin?: Uint8Array;
  hsmPluginDigest?: string;
  secrets: NodeSecrets;
}

/** Keys that were made here for one node. Nothing of them goes into another package. */
export interface NodeSecrets {
  /** Key of the node, when it is kept in a file and was made here. */
  nodeKey?: string;
  /** Key files (`KeyStore`) of the validator's seat or of the access node's relay, by name. */
  holders: Readonly<Record<string, string>>;
}

const PROGRAM = 0o755;
const SECRET = 0o600;

/** Every file of a node's package, by its path. */
export function packageContents(inputs: PackageInputs): PackedFiles {
  const { record, node, genesis, plugin } = inputs;
  const values = {
    ...{ NAME: node.name, NETWORK: record.name, IMAGE: BESU_RELEASE.image, RPC_HOST: node.rpcHost },
    CREDENTIALS: credentials(node),
  };
  return {
    "README.md": { content: nodeReadme(record, node) },
    "node.env": { content: nodeEnvironment(node) },
    "compose.yaml": { content: template("compose.yaml", values) },
    [`systemd/brop-${node.name}.service`]: { content: template("systemd/node.service", values) },
    [`logrotate/brop-${node.name}`]: { content: template("logrotate/node", values) },
    ...programs(),
    "config/besu.toml": { content: besuConfig(node, record) },
    "config/genesis.json": { content: genesis },
    "config/static-nodes.json": { content: staticNodes(record, node) },
    "plugins/brop-plugin.jar": { content: plugin },
    ...hsmFiles(inputs),
    ...secretFiles(inputs),
    ...(node.kind === "access" ? serviceFiles(record, node, values) : {}),
  };
}

/** Lines of the service unit that hand the token's PIN over without a file that the node's user could read otherwise. */
function credentials({ name, key }: NetworkNode): string {
  if (key.custody !== "hsm") return "";
  if (key.provider === "cloudhsm-jce")
    return `\n# HSM_USER and HSM_PASSWORD, mode 0600\nEnvironmentFile=/etc/brop/${name}.hsm.env`;
  return `\n# The token's PIN, of root, mode 0600\nLoadCredential=hsm-pin:/etc/brop/${name}.hsm-pin`;
}

function programs(): PackedFiles {
  const names = ["start", "stop", "status", "health"];
  return {
    ...Object.fromEntries(names.map((name) => [`bin/${name}`, { content: template(`bin/${name}`), mode: PROGRAM }])),
    "bin/ask": { content: template("bin/ask") },
    "bin/process": { content: template("bin/process") },
    "bin/token": { content: template("bin/token") },
  };
}

/** Read by the shell, by systemd and by compose: plain lines without quotation marks. */
function nodeEnvironment({ name, kind, key, rpcHost, ports, memory }: NetworkNode): string {
  return [
    "# Environment of this node: for bin/start, systemd and compose alike. Plain NAME=value lines.",
    `# Besu ${BESU_RELEASE.version} and Java ${BESU_RELEASE.java}, where they are not on the path:`,
    "# BESU_HOME=/opt/besu",
    "# JAVA_HOME=/opt/java",
    `JAVA_OPTS=-Xmx${memory}`,
    `BROP_NODE=${name}`,
    `BROP_NODE_KIND=${kind}`,
    `BROP_KEY_CUSTODY=${key.custody}`,
    `BROP_RPC_HOST=${rpcHost}`,
    `BROP_RPC_PORT=${ports.rpc}`,
    "# Age in seconds from which the newest block is too old for bin/health:",
    "BROP_STALE_SECONDS=60",
    "",
  ].join("\n");
}

function staticNodes(record: NetworkRecord, node: NetworkNode): string {
  const others = record.nodes.filter(({ name }) => name !== node.name).map(enodeOf);
  return `${JSON.stringify(others, null, 2)}\n`;
}

const HSM_JAR = "plugins/besu-hsm-plugin.jar";

function hsmFiles({ node: { key }, hsmPlugin, hsmPluginDigest }: PackageInputs): PackedFiles {
  if (key.custody !== "hsm") return {};
  const files: Record<string, PackedFile> = {};
  if (hsmPlugin !== undefined) files[HSM_JAR] = { content: hsmPlugin };
  if (hsmPluginDigest !== undefined) files[`${HSM_JAR}.sha256`] = { content: `${hsmPluginDigest}  ${HSM_JAR}\n` };
  if (key.library === undefined) return files;
  const lines = [`library = ${key.library}`, `slot = ${key.slot}`];
  if (key.provider === "sunpkcs11-jce") {
    lines.unshift("name = brop");
    // Besu's connections need the secret that the key agreement makes.
    lines.push("attributes(generate,CKO_SECRET_KEY,CKK_GENERIC_SECRET) = {");
    lines.push("  CKA_SENSITIVE = false", "  CKA_EXTRACTABLE = true", "}");
  }
  files["config/hsm.cfg"] = { content: `${lines.join("\n")}\n` };
  return files;
}

function secretFiles({ node, secrets }: PackageInputs): PackedFiles {
  const files: Record<string, PackedFile> = {};
  if (secrets.nodeKey !== undefined) files["keys/node.key"] = { content: `${secrets.nodeKey}\n`, mode: SECRET };
  const folder = holderFolder(node);
  for (const [name, content] of Object.entries(secrets.holders)) {
    files[`${folder}/${name}.json`] = { content, mode: SECRET };
  }
  return files;
}

/** Where a package has the key of the seat or relay. The services look for the relay's in their data folder. */
export function holderFolder({ kind }: Pick<NetworkNode, "kind">): string {
  return kind === "access" ? "services/keys" : "keys";
}

function serviceFiles(record: NetworkRecord, node: NetworkNode, values: Readonly<Record<string, string>>): PackedFiles {
  const home = `/opt/brop/${node.name}`;
  const environment = [
    "# Environment of the services beside this node: access node, indexer, site and API (docs/configuration.md).",
    `BROP_DATA=${home}/services`,
    `BROP_CHAIN_ID=${record.chainId}`,
    `BROP_RPC_URL=http://${node.rpcHost}:${node.ports.rpc}`,
    "BROP_HOST=127.0.0.1",
    `BROP_PORT=${node.platformPort}`,
    "# Ends of operations count when the validators' seals prove them, also against this node:",
    `BROP_TRUST=/opt/brop/${node.name}/config/genesis.json`,
    "# PostgreSQL; without it the embedded database below BROP_DATA is used:",
    "# DATABASE_URL=postgres://brop@127.0.0.1/brop",
    "",
  ];
  return {
    [`systemd/brop-${node.name}-services.service`]: { content: template("systemd/services.service", values) },
    "services/services.env": { content: environment.join("\n"), mode: SECRET },
  };
}
