import { fileURLToPath } from "node:url";
import type { InitResult } from "../../network/init.ts";
import type { NetworkNode, VoteSubject } from "../../network/record.ts";
import type { Paint } from "../output.ts";
import type { Session } from "../session.ts";
import { columns } from "../table.ts";
import { type FolderOption, networkDirectory } from "./network-folder.ts";

export interface InitTyped extends FolderOption {
  plugin?: string;
  hsmPlugin?: string;
  hsmPluginSha256?: string;
  remake?: boolean;
  rotateKey?: string[];
  rotateRelay?: string[];
}

const PLUGIN = fileURLToPath(new URL("../../../network/plugin/target/brop-plugin.jar", import.meta.url));

export async function init(session: Session, file: string, typed: InitTyped): Promise<void> {
  const { initNetwork } = await import("../../network/init.ts");
  const { writeMonitoring } = await import("../../network/monitoring/write.ts");
  const directory = networkDirectory(session, typed);
  const result = await session.step("Genesis, keys and packages", () =>
    initNetwork({
      ...{ file, directory, plugin: typed.plugin ?? PLUGIN, remake: typed.remake ?? false },
      rotating: { keys: typed.rotateKey ?? [], relays: typed.rotateRelay ?? [] },
      ...(typed.hsmPlugin === undefined ? {} : { hsmPlugin: typed.hsmPlugin }),
      ...(typed.hsmPluginSha256 === undefined ? {} : { hsmPluginDigest: typed.hsmPluginSha256 }),
      ...(session.password === undefined ? {} : { password: session.password }),
    }),
  );
  await writeMonitoring(result.record, result.folder.monitoring);
  for (const note of notesOf(result)) session.output.note(note);
  const { folder, record, founded, made, gone, votes } = result;
  const nodes = record.nodes.map((node) => summaryOf(node, folder.package(node.name)));
  const { name, chainId, genesisDigest } = record;
  session.output.result({ directory, name, chainId, genesisDigest, founded, made, gone, votes, nodes }, (paint) =>
    describe(result, paint),
  );
}

function summaryOf({ name, kind, address, host, ports, key, digest }: NetworkNode, path: string) {
  return { name, kind, address, host, ports, custody: key.custody, package: path, sha256: digest };
}

function describe({ folder, record, founded, made, votes }: InitResult, paint: Paint): string {
  if (made.length === 0) {
    const same = `Nothing was changed: ${folder.root} has the network ${record.name} as the file describes it.`;
    return [same, ...steps(votes)].join("\n");
  }
  const rows = record.nodes
    .filter(({ name }) => made.includes(name))
    .map(({ name, kind, address, host, ports, key }) => [name, kind, `${host}:${ports.p2p}`, address, key.custody]);
  const [head = "", ...lines] = columns([["NODE", "KIND", "PEERS REACH IT AT", "ADDRESS", "KEY"], ...rows]).split("\n");
  const first = founded
    ? `Network ${record.name}, chain ${record.chainId}; SHA-256 of its genesis.json:\n${record.genesisDigest}`
    : `Network ${record.name}: ${made.length === 1 ? "one package" : `${made.length} packages`} made.`;
  return [first, "", paint.bold(head), ...lines, "", ...whereTo(folder.packages), ...steps(votes)].join("\n");
}

function whereTo(packages: string): string[] {
  return [
    `Packages and their checksums: ${packages}`,
    "Bring each to its node's machine by a safe way: it holds that node's keys. Its README.md says how it is installed.",
  ];
}

const WHEN_AGREED: Record<VoteSubject, (node: string) => string> = {
  admit: (node) => `${node} has its part when Council has agreed (start and sync it first):`,
  remove: (node) => `${node} has no part any more when Council has agreed (stop it after that):`,
  rotate: (node) => `${node} has its new key when Council has agreed (right after that it is started with it):`,
};

/** What remains to be done about nodes that block 0 and the file have differently. */
function steps(votes: InitResult["votes"]): string[] {
  return votes.flatMap(({ node, about, path }) =>
    path === undefined
      ? [
          "",
          `${node}: its owner proves to have the key, \`brop network prove\` at the node's machine; put the answer into the`,
          "file as `proof` and run this again.",
        ]
      : [
          "",
          WHEN_AGREED[about](node),
          `  brop council propose ${path} --as SEAT`,
          "  brop council vote ID --as SEAT          (each further seat, until more than two thirds agree)",
          "  brop council execute ID --as SEAT       (after the delay)",
        ],
  );
}

function notesOf({ record, gone }: InitResult): string[] {
  const validators = record.nodes.filter(({ kind, name }) => kind === "validator" && !gone.includes(name)).length;
  const notes = gone.map((name) => `${name} is not in the file any more; its package stays`);
  if (validators < 4) notes.push(`${validators} validators: the network stands still when one is down; four bear that`);
  return notes;
}
