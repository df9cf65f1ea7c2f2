import { BESU_RELEASE } from "../besu-release.ts";
import type { HsmKey } from "../consortium/consortium.ts";
import { enodeOf, type NetworkNode, type NetworkRecord } from "../record.ts";

/** The page that goes with a node's package: what it is, how it is installed, what to watch. */
export function nodeReadme(record: NetworkRecord, node: NetworkNode): string {
  return [
    ...facts(record, node),
    ...keys(node),
    ...installation(node),
    ...running(node),
    ...network(record, node),
  ].join("\n");
}

const KINDS = {
  validator: "validator: it seals blocks",
  full: "full node: it has and checks all the data",
  access: "access node: the operator's door for those who run no node",
};

function facts(record: NetworkRecord, node: NetworkNode): string[] {
  return [
    `# ${node.name}`,
    "",
    `A node of the BROP network **${record.name}** (chain ${record.chainId}), a ${KINDS[node.kind]}.`,
    "",
    "| | |",
    "|---|---|",
    `| Address of its key | \`${node.address}\` |`,
    `| Enode | \`${enodeOf(node)}\` |`,
    ...(node.seat ? [`| Council seat | \`${node.seat.address}\` |`] : []),
    ...(node.relay ? [`| Relay | \`${node.relay.address}\` |`] : []),
    `| Peers reach it at | \`${node.host}:${node.ports.p2p}\` (TCP) |`,
    `| JSON-RPC, WebSocket, metrics | \`${node.rpcHost}\`, ports ${node.ports.rpc}, ${node.ports.ws}, ${node.ports.metrics} |`,
    `| SHA-256 of config/genesis.json | \`${record.genesisDigest}\` |`,
    "",
    "The genesis digest is the same at every node of the network: compare it before the first start.",
    "",
  ];
}

function keys({ key, seat, relay, name }: NetworkNode): string[] {
  const lines = ["## Keys", ""];
  if (key.custody === "file") {
    lines.push(
      "`keys/node.key` is the node's key and exists in this package only. Whoever has it can act as this node: move the",
      "package by a safe way, and delete it when it is installed and the key is backed up.",
    );
  } else if (key.custody === "own") {
    lines.push(
      `Put the private key that belongs to the address above into \`keys/node.key\` (0x and 64 digits) and close it to`,
      "others: `mkdir -p keys && chmod 700 keys && chmod 600 keys/node.key`. It was never here.",
    );
  } else {
    lines.push(...tokenLines(name, key));
  }
  if (seat?.generated) {
    lines.push(
      "",
      `\`keys/${name}-seat.json\` is the seat's key, made for a trial: its holder takes it away from here.`,
    );
  }
  if (relay?.generated) lines.push("", "`services/keys/relay-1.json` is the relay's key, made for a trial.");
  return [...lines, ""];
}

function tokenLines(name: string, key: HsmKey): string[] {
  const cloud = key.provider === "cloudhsm-jce";
  const file = `/etc/brop/${name}.${cloud ? "hsm.env" : "hsm-pin"}`;
  const secret = cloud ? "the token's user and password (HSM_USER=..., HSM_PASSWORD=...)" : "the token's PIN";
  return [
    `The key is in a token (\`${key.provider}\`, label \`${key.alias}\`) and never leaves it. The token has to sign (\`CKM_ECDSA\`)`,
    "and to agree on keys (`CKM_ECDH1_DERIVE`) with secp256k1: `brop token show` tells.",
    "",
    "- Besu's HSM plugin (besu-eth/besu-hsm-plugin) is `plugins/besu-hsm-plugin.jar`. Where it is not in this package, put it",
    "  there; `bin/start` compares it with the digest beside it.",
    `- Put ${secret} into \`${file}\`, of root, mode 0600, before the first start.`,
    ...(cloud
      ? ["  systemd gives it to the service alone. Without systemd: in the environment of `bin/start`."]
      : [
          "  systemd gives it to the service alone (LoadCredential). Without systemd: in `keys/hsm-pin`, mode 0600, of the",
          "  node's user.",
        ]),
    ...(cloud ? [] : [`- The user \`brop\` has to reach ${key.library} and what it needs.`]),
  ];
}

function installation({ name, kind, key }: NetworkNode): string[] {
  const lines = [
    "## Install",
    "",
    `Besu ${BESU_RELEASE.version} and Java ${BESU_RELEASE.java} have to be on the machine (\`brop network install-besu\` fetches Besu), and its clock has`,
    "to be kept by NTP. As root:",
    "",
    "```sh",
    `sha256sum -c ${name}.tar.gz.sha256`,
    "useradd --system --home-dir /opt/brop --shell /usr/sbin/nologin brop",
    `mkdir -p /opt/brop && tar -xzf ${name}.tar.gz -C /opt/brop`,
    `mkdir -p /opt/brop/${name}/logs && chown -R brop:brop /opt/brop/${name}`,
    `cp /opt/brop/${name}/logrotate/brop-${name} /etc/logrotate.d/`,
    `cp /opt/brop/${name}/systemd/*.service /etc/systemd/system/`,
    "systemctl daemon-reload",
    `systemctl enable --now brop-${name}`,
    ...(kind === "access"
      ? [`systemctl enable --now brop-${name}-services   # BROP itself in /opt/brop/platform`]
      : []),
    "```",
    "",
    "Where Besu is not on the path, name it in `node.env` (`BESU_HOME`, `JAVA_HOME`).",
    "",
  ];
  if (key.custody === "hsm") return lines;
  return [...lines, "In a container instead, in this folder: `OWNER=$(id -u):$(id -g) docker compose up -d`.", ""];
}

function running({ ports }: NetworkNode): string[] {
  return [
    "## Run",
    "",
    "| Command | |",
    "|---|---|",
    "| `bin/start` | starts the node in the background; `--foreground` stays, as systemd wants it |",
    "| `bin/stop` | stops it and waits until everything is written |",
    "| `bin/status` | newest block, proposer, peers |",
    "| `bin/health` | exit 0 when it answers and its newest block is young, 1 when not |",
    "",
    `Firewall: the port ${ports.p2p} is for the other nodes' machines alone; the others are for this institution alone.`,
    "",
    "| Path | What it is | If it is lost |",
    "|---|---|---|",
    "| `keys/` | the node's key | a validator's has to be replaced by a vote of Council: back it up |",
    "| `config/` | what the network agreed on | unpack the package again |",
    "| `data/` | the chain | it is fetched from the other nodes again |",
    "| `logs/` | Besu's log, kept for 14 days | nothing |",
    "",
  ];
}

function network(record: NetworkRecord, node: NetworkNode): string[] {
  const others = record.nodes.filter(({ name }) => name !== node.name);
  return [
    "## Its peers",
    "",
    "`config/static-nodes.json` names the nodes that were known when this package was made. Nodes that come later connect",
    "to these by themselves; nothing has to be changed here.",
    "",
    "| Node | Kind | Address |",
    "|---|---|---|",
    ...others.map(({ name, kind, host, ports }) => `| ${name} | ${kind} | \`${host}:${ports.p2p}\` |`),
    "",
  ];
}
