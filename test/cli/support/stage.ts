import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { KeyStore } from "../../../src/chain/key-store.node.ts";
import { connect, publishDocument } from "../../../src/sdk/index.ts";
import { testAccessNode } from "../../support/access-node.ts";
import { stopAfterTests, testChain } from "../../support/chain.ts";
import { brop, type Ended, type Surroundings } from "./brop.ts";

/** Where the commands of these tests act: the shared chain, and a folder with the operator's key. */
export interface Stage {
  folder: string;
  url: string;
  keys: KeyStore;
  /** Runs a command in the folder, against the chain. */
  run(args: readonly string[], surroundings?: Partial<Surroundings>): Promise<Ended>;
  /** Runs a command with `--json` that has to succeed. @returns its document */
  // biome-ignore lint/suspicious/noExplicitAny: each command has its own document
  json(args: readonly string[], surroundings?: Partial<Surroundings>): Promise<any>;
  /** Writes a file into the folder. @returns its name */
  file(name: string, content: string | Uint8Array): Promise<string>;
}

let stage: Promise<Stage> | undefined;
let established: Promise<Stage> | undefined;

/** The one stage of this test run. */
export function testStage(): Promise<Stage> {
  stage ??= set();
  return stage;
}

/** The stage with a partner (key `bank`) and a user that it certified (key `ann`), both by the command itself. */
export function testPeopleStage(): Promise<Stage> {
  established ??= testStage().then(async (own) => {
    await own.file("agreement.txt", "signed and sealed");
    await own.json(["keys", "create", "bank"]);
    await own.json([
      "admit",
      "bank",
      "--name",
      "Bank 银行",
      ...["--copy", "agreement.txt"],
      ...(await identity(own, "bank")),
    ]);
    await own.json(["keys", "create", "ann"]);
    await own.json(["certify", "ann", "--as", "bank", "--wait", ...(await identity(own, "ann"))]);
    return own;
  });
  return established;
}

/** Options that name fresh identity data. */
export async function identity({ file }: Stage, name: string): Promise<string[]> {
  return [
    "--identity",
    await file(`${name}-identity.json`, JSON.stringify({ name, salt: "0123456789abcdef".repeat(4) })),
  ];
}

async function set(): Promise<Stage> {
  const [chain, { url }] = await Promise.all([testChain(), testAccessNode()]);
  const folder = await mkdtemp(join(tmpdir(), "brop-cli-"));
  stopAfterTests(() => rm(folder, { recursive: true }));
  const keys = new KeyStore(join(folder, "data", "keys"));
  await keys.create("operator", { privateKey: chain.operator.privateKey });
  const connection = await connect(url, { pollingInterval: 100 });
  const operator = chain.operator.connect(connection.provider);
  await publishDocument(connection, operator, { text: "What partners agree to.", location: "https://example.org/" });
  connection.close();

  const run: Stage["run"] = (args, { environment, ...surroundings } = {}) =>
    brop(args, { cwd: folder, environment: { BROP_RPC_URL: url, ...environment }, ...surroundings });
  return {
    folder,
    url,
    keys,
    run,
    async json(args, surroundings) {
      const { code, stdout, stderr } = await run([...args, "--json"], surroundings);
      expect({ code, stderr }, stdout).to.deep.equal({ code: 0, stderr: "" });
      return JSON.parse(stdout);
    },
    async file(name, content) {
      await writeFile(join(folder, name), content);
      return name;
    },
  };
}

/** The error of a command with `--json` that has to fail with that exit code. */
export function errorOf({ code, stdout, stderr }: Ended, exitCode = 1): Record<string, unknown> {
  expect({ code, stderr }, stdout).to.deep.equal({ code: exitCode, stderr: "" });
  const { error } = JSON.parse(stdout) as { error: Record<string, unknown> };
  expect(error.remedy).to.be.a("string").and.not.equal("");
  return error;
}
