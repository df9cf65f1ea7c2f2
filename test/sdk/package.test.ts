import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "vite";
import * as sdk from "../../src/sdk/index.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What other packages write. */
const ENTRY = join(ROOT, "dist/src/sdk/index.js");

describe("package brop/sdk", function () {
  this.timeout(120_000);

  before("build", () => {
    execFileSync(process.execPath, ["scripts/build.ts"], { cwd: ROOT });
  });

  it("can be imported by name from plain Node, with everything that it exports", () => {
    const program = 'import("brop/sdk").then((sdk) => console.log(JSON.stringify(Object.keys(sdk))))';
    const names = JSON.parse(execFileSync(process.execPath, ["--eval", program], { cwd: ROOT, encoding: "utf8" }));
    expect(names.sort()).to.deep.equal(Object.keys(sdk).sort());
  });

  it("gives its types to other packages", () => {
    const folder = mkdtempSync(join(ROOT, "node_modules/.sdk-types-"));
    try {
      const program = `
        import { connect, createRecordInput, type Brop } from "brop/sdk";
        const brop: Brop = await connect("http://127.0.0.1:8420");
        const input = createRecordInput({ digest: new Uint8Array(32) });
        const id: string = await brop.contracts.records.record.staticCall(input);
        // @ts-expect-error: a record has no such member
        await brop.contracts.records.record({ ...input, digest: 5n });
        console.log(id);`;
      writeFileSync(join(folder, "program.mts"), program);
      const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck"];
      const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
      const settings = ["--ignoreConfig", "--types", "node", ...options, join(folder, "program.mts")];
      execFileSync(process.execPath, [compiler, ...settings], { cwd: ROOT, encoding: "utf8" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("bundles for the browser without anything of Node's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "brop-bundle-"));
    const reached: string[] = [];
    try {
      const program = join(folder, "main.js");
      writeFileSync(program, `import { connect } from ${JSON.stringify(ENTRY)};\nglobalThis.connect = connect;\n`);
      const watch = {
        name: "no-node",
        enforce: "pre" as const,
        resolveId(source: string) {
          if (isBuiltin(source)) reached.push(source);
          return null;
        },
      };
      const rolled = await build({
        ...{ root: folder, configFile: false, logLevel: "silent", plugins: [watch] },
        build: { write: false, rollupOptions: { input: program } },
      });
      const [output] = [rolled].flat() as { output: { type: string; code?: string }[] }[];
      expect(output?.output.map(({ code = "" }) => code).join("")).to.contain("eth_sendUserOperation");
      expect(reached).to.deep.equal([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
