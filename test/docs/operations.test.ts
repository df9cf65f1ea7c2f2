import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ALERT_GROUPS } from "../../src/network/monitoring/alerts/rules-file.ts";
import { monitoringContents } from "../../src/network/monitoring/contents.ts";
import { packageContents } from "../../src/network/package/contents.ts";
import type { NetworkRecord } from "../../src/network/record.ts";
import { NODES } from "../network/monitoring/support/nodes.ts";
import { refusalOf } from "./support/command-line.ts";
import { linksOf, type ShellCommand, shellCommands } from "./support/shell-blocks.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = join(ROOT, "docs/operations");
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
/** Pages whose commands are checked: these, and those that belong to them. */
const PAGES = [
  ...names.map((name) => `docs/operations/${name}`),
  "network/monitoring/README.md",
  "network/compose/README.md",
];
const alerts = ALERT_GROUPS.flatMap((group) => group.alerts);

/** Programs of the machines that runbooks are for; what they do is not BROP's. */
const OTHERS = [
  ...["systemctl", "journalctl", "logrotate", "timedatectl", "chronyc", "date", "apt-get", "openssl", "docker"],
  ...[
    "curl",
    "tar",
    "sha256sum",
    "cp",
    "mv",
    "ln",
    "mkdir",
    "chmod",
    "chown",
    "install",
    "find",
    "du",
    "df",
    "tail",
    "grep",
  ],
  ...["cat", "cd", "export", "printf", "read", "echo", "openssl", "promtool", "java", "softhsm2-util", "pkcs11-tool"],
];
const RECORD: NetworkRecord = {
  ...{ name: "example", chainId: 84_200, blockGasLimit: 60_000_000, timestamp: 0, activations: {} },
  ...{ operator: { address: "", generated: false }, admissionParties: [], regulators: [], genesisDigest: "" },
  nodes: [...NODES],
};
/** Files of an installed node with its services, and what comes there while it runs. */
const INSTALLED = [
  ...NODES.filter(({ name }) => ["bank", "access-1"].includes(name)).flatMap((node) =>
    Object.keys(
      packageContents({
        ...{ record: RECORD, node, genesis: "", plugin: new Uint8Array() },
        secrets: { nodeKey: "0x", holders: { "relay-1": "{}" } },
      }),
    ),
  ),
  ...[
    "data",
    "data.damaged",
    "data.old",
    "logs",
    "logs/besu.log",
    "services/logs/brop.log",
    "services/database",
    "services/database.before",
  ],
  ...["services/documents", "config/genesis.json.before"],
];

describe("the pages of docs/operations", () => {
  const commands = PAGES.filter((page) => existsSync(join(ROOT, page))).flatMap((page) =>
    shellCommands(read(page)).map((command) => ({ page, ...command })),
  );

  it("have commands to type, each of them a page", () => {
    expect(commands.length).to.be.greaterThan(100);
    for (const name of names) expect(read(`docs/operations/${name}`), name).to.match(/^# .+\n/);
  });

  it("name commands of brop with arguments and options that the program takes", () => {
    const calls = commands.flatMap(({ page, words, text }) => {
      const [first, second, ...rest] = words;
      if (first === "npx" && second === "brop") return [{ page, text, args: rest }];
      return first === "brop" ? [{ page, text, args: words.slice(1) }] : [];
    });
    expect(calls.length).to.be.greaterThan(40);
    const refused = calls.flatMap(({ page, text, args }) => {
      const reason = refusalOf(args);
      return reason === undefined ? [] : [`${page}: ${text}: ${reason}`];
    });
    expect(refused).to.deep.equal([]);
  });

  it("are checked by the program's own rules: what it does not take is found", () => {
    const wrong = [
      ...["network", "network nonsense", "network init", "network monitoring --nonsense", "council vote first"],
      ...["backup", "backup a b", "operator suspend bank", "network override genesis.json --validator 0x12"],
    ];
    for (const call of wrong) expect(refusalOf(call.split(" ")), call).to.be.a("string");
    expect(refusalOf(["backup", "a"])).to.equal(undefined);
  });

  it("name scripts of npm and Hardhat that there are", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const missing = commands.flatMap(({ page, words: [first, second = "", third = "", fourth = ""], text }) => {
      if (first === "npm" && second === "run" && !(third in scripts)) return [`${page}: ${text}`];
      if (first === "npm" && !["run", "start", "test", "ci"].includes(second)) return [`${page}: ${text}`];
      if (first === "npm" && third === "bench" && fourth === "--") {
        const bench = text.split(" -- ")[1]?.split(" ")[0] ?? "";
        if (!existsSync(join(ROOT, "bench", `${bench}.ts`))) return [`${page}: ${text}`];
      }
      if (first === "npx" && second === "hardhat" && !existsSync(join(ROOT, fourth))) return [`${page}: ${text}`];
      return [];
    });
    expect(missing).to.deep.equal([]);
  });

  it("name no other programs than those of the machine, and those of a node's package", () => {
    const unknown = commands.filter(({ words: [first = "", second = ""] }) => {
      if (["npx", "npm", "brop"].includes(first)) return first === "npx" && !["brop", "hardhat"].includes(second);
      return (
        !OTHERS.includes(first) && packaged(first) === undefined && !/^bin\/(start|stop|status|health)$/.test(first)
      );
    });
    expect(unknown.map(({ page, text }) => `${page}: ${text}`)).to.deep.equal([]);
  });

  it("name files of a node's package as they are there", () => {
    const missing = commands.flatMap(({ page, words, text }) =>
      words.flatMap((word) => {
        const path = packaged(word);
        const there =
          path === undefined || path === "" || INSTALLED.some((one) => one === path || one.startsWith(`${path}/`));
        return there ? [] : [`${page}: ${path} in ${text}`];
      }),
    );
    expect(missing).to.deep.equal([]);
  });

  it("name units of systemd and files of logrotate that the packages have", () => {
    const units = commands.filter(({ words: [first] }) => first === "systemctl").flatMap(unitsOf);
    expect(units.length).to.be.greaterThan(10);
    for (const { unit, text } of units) {
      expect(unit, text).to.match(
        /^(brop-(validator|access)-\d(-services)?|brop-monitoring|chrony|prometheus(-[a-z-]+)?)$/,
      );
    }
  });

  it("link to pages that there are", () => {
    const missing = PAGES.filter((page) => existsSync(join(ROOT, page))).flatMap((page) =>
      linksOf(read(page))
        .filter((target) => !existsSync(join(ROOT, page, "..", target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it("are found from every alert, by the index and by name", () => {
    const index = read("docs/operations/README.md");
    for (const { name, runbook, severity } of alerts) {
      expect(names, name).to.include(runbook);
      expect(read(`docs/operations/${runbook}`), runbook).to.contain(`\`${name}\``);
      expect(index).to.contain(`| \`${name}\` (${severity}) | [${runbook}](${runbook}) |`);
    }
    for (const name of names.filter((page) => page !== "README.md")) expect(index, name).to.contain(`(${name})`);
  });

  it("name alerts and dashboards that there are", () => {
    const known = new Set(alerts.map(({ name }) => name));
    const dashboards = Object.values(monitoringContents(RECORD, "127.0.0.1")).join("\n");
    for (const name of names) {
      const page = read(`docs/operations/${name}`);
      for (const [, word = ""] of page.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)) {
        if (!OTHER_NAMES.includes(word)) expect(known, name).to.include(word);
      }
      for (const [, title = ""] of page.matchAll(/\*(BROP: [a-z]+)\*/g))
        expect(dashboards).to.contain(`"title": "${title}"`);
    }
  });
});

/** Names in this form that are no alerts: contracts, and settings of other programs. */
const OTHER_NAMES = [
  ...["OutOfMemoryError", "ValidatorSet", "ReadWritePaths", "EntryPoint", "LimitNOFILE", "LoadCredential"],
  ...["LoadCredentialEncrypted", "ValidatorProofInvalid", "ValidatorsChangedInBlock"],
];

/** Path in a node's package of a word that names a file of an installed node. */
function packaged(word: string): string | undefined {
  const [, name, path] = /^\/opt\/brop\/([a-z]+-\d)(?:\/(.*))?$/.exec(word) ?? [];
  if (name === undefined) return undefined;
  return (path ?? "").replaceAll(name, name.startsWith("access") ? "access-1" : "bank");
}

function unitsOf({ words, text }: ShellCommand): { unit: string; text: string }[] {
  const [, ...rest] = words;
  const [action = "", ...units] = rest.filter((word) => !word.startsWith("--"));
  return action === "daemon-reload" ? [] : units.map((unit) => ({ unit, text }));
}
