import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { brop } from "../../cli/support/brop.ts";

/** Where a runbook's commands act. */
export interface Site {
  /** Folder that they are typed in, with `data/keys` in it. */
  folder: string;
  /** JSON-RPC of the chain. */
  url: string;
  /** What stands for `/opt/brop` of the runbook. */
  machine: string;
  /** Packages lie here when they are unpacked. */
  packages: string;
  /** The plugin that packages are made with, in place of the one that was built. */
  plugin: string;
}

/** What a command of a runbook answered, for those of `brop`. */
export interface Followed {
  line: string;
  // biome-ignore lint/suspicious/noExplicitAny: each command has its own document
  answer: any;
}

/**
 * Types the commands of a runbook's page (its blocks of the language `sh`), one after the other, as they stand there. Only
 * what can not be the same everywhere is put in: the numbers that `propose` gave, the node's folder, patterns of file names.
 * What systemd and owners of files are told is left out; an execution is tried again until Council's delay has passed.
 *
 * @param sections only those whose titles begin so
 */
export async function follow(site: Site, page: string, sections?: readonly string[]): Promise<Followed[]> {
  const text = readFileSync(new URL(`../../../docs/operations/${page}`, import.meta.url), "utf8");
  const proposals: number[] = [];
  const followed: Followed[] = [];
  for (const line of commandsOf(text, sections)) {
    if (/^(systemctl|chown) /.test(line)) continue;
    if (!line.startsWith("brop ")) {
      await type(line.replaceAll("/opt/brop", site.machine), site.packages);
      continue;
    }
    const args = wordsOf(line)
      .slice(1)
      .flatMap((word) => (word.includes("*") ? matching(site.folder, word, line) : [word]));
    if (args[0] === "council" && /^\d+$/.test(args[2] ?? "")) args[2] = String(proposals[Number(args[2]) - 1]);
    const answer = await run(site, args, line);
    if (args[1] === "propose") proposals.push(answer.proposal);
    followed.push({ line, answer });
  }
  return followed;
}

function commandsOf(text: string, sections?: readonly string[]): string[] {
  const chosen = text
    .split(/^## /m)
    .filter((section) => sections === undefined || sections.some((title) => section.startsWith(title)));
  const blocks = chosen.flatMap((section) => [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]);
  const lines = blocks.flatMap(([, block = ""]) => block.split("\n")).filter((line) => line !== "");
  expect(lines).to.have.length.greaterThan(0);
  return lines;
}

async function run({ folder, url, plugin }: Site, args: readonly string[], line: string) {
  for (let tries = 0; ; tries++) {
    const own = args[1] === "init" ? ["--plugin", plugin] : [];
    const { code, stdout, stderr } = await brop([...args, ...own, "--json"], {
      cwd: folder,
      environment: { BROP_RPC_URL: url },
    });
    const answer = JSON.parse(stdout === "" ? "{}" : stdout);
    if (code === 0) return answer;
    const early = args[1] === "execute" && /CouncilTooEarly/.test(stdout);
    if (!early || tries > 20) throw new Error(`${line}\nended with ${code}: ${stdout}${stderr}`);
    await sleep(500);
  }
}

function type(line: string, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile("sh", ["-e", "-c", line], { cwd }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${line}\n${stderr}`, { cause: error }));
    });
  });
}

function matching(folder: string, pattern: string, line: string): string[] {
  const found = globSync(join(folder, pattern));
  if (found.length !== 1) throw new Error(`${line}\n${pattern} fits ${found.length} files`);
  return found;
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? (plain as string));
}
