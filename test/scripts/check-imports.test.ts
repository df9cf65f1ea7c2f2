import { expect } from "chai";
import { checkImports } from "../../scripts/check-imports.ts";
import { temporaryTree } from "./temporary-tree.ts";

/** Findings for a tree of source files. */
function findings(files: Record<string, string>): string[] {
  const tree = temporaryTree(files);
  try {
    return checkImports(tree.root);
  } finally {
    tree.remove();
  }
}

describe("import check", () => {
  it("has nothing to say about imports that go downward", () => {
    const found = findings({
      "src/core/hex.ts": "export const one = 1;",
      "src/chain/provider.ts": 'import { one } from "../core/hex.ts"; export const two = one + 1;',
      "src/cli/main.ts": 'import { two } from "../chain/provider.ts"; console.log(two);',
      "src/web/page.tsx": 'import { one } from "../core/hex.ts"; export const Page = () => <b>{one}</b>;',
    });
    expect(found).to.deep.equal([]);
  });

  for (const [form, source] of Object.entries({
    "an import": 'import { main } from "../cli/main.ts"; main();',
    "a type import": 'import type { Main } from "../cli/main.ts"; export type A = Main;',
    "an import type": 'export type A = import("../cli/main.ts").Main;',
    "an export from": 'export * from "../cli/main.ts";',
    "a dynamic import": 'export const load = () => import("../cli/main.ts");',
    "a side effect": 'import "../cli/main.ts";',
    "an import over several lines": 'import {\n  main,\n} from "../cli/main.ts"; main();',
  })) {
    it(`refuses ${form} that goes upward, and names file and line`, () => {
      const found = findings({
        "src/cli/main.ts": "export const main = () => 1; export type Main = typeof main;",
        "src/store/pool.ts": `// first line\n${source}`,
      });
      expect(found).to.deep.equal(["src/store/pool.ts:2 imports src/cli/main.ts: store may import core"]);
    });
  }

  it("is not misled by imports in strings and comments", () => {
    const found = findings({
      "src/core/text.ts":
        '// import "../cli/main.ts"\nexport const text = \'import "../cli/main.ts"; import "node:fs"\';',
    });
    expect(found).to.deep.equal([]);
  });

  it("refuses a folder that the table of layers does not know", () => {
    expect(findings({ "src/stuff/file.ts": "export {};" })).to.have.lengthOf(1);
    expect(findings({ "src/stuff/file.ts": "export {};" })[0]).to.match(/^stuff is in no row/);
  });

  it("refuses a circle of imports and tells it once", () => {
    const found = findings({
      "src/core/a.ts": 'import { b } from "./b.ts"; export const a = () => b();',
      "src/core/b.ts": 'import { c } from "./c.ts"; export const b = () => c();',
      "src/core/c.ts": 'import { a } from "./a.ts"; export const c = (): unknown => a();',
    });
    expect(found).to.deep.equal(["circular import: src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts"]);
  });

  it("allows a circle of types, which is gone at run time", () => {
    const found = findings({
      "src/core/a.ts": 'import type { B } from "./b.ts"; export interface A { b?: B }',
      "src/core/b.ts": 'import type { A } from "./a.ts"; export interface B { a?: A }',
    });
    expect(found).to.deep.equal([]);
  });

  it("refuses Node's modules that browser code reaches through another layer", () => {
    const found = findings({
      "src/chain/keys.ts": 'import { readFileSync } from "fs"; export const read = readFileSync;',
      "src/sdk/index.ts": 'export { read } from "../chain/keys.ts";',
    });
    expect(found).to.deep.equal(["src/sdk/index.ts -> src/chain/keys.ts imports fs, which browsers do not have"]);
  });

  it("allows Node's modules in files for Node, which browser code does not import", () => {
    const file = 'import { readFileSync } from "node:fs"; export const read = readFileSync;';
    expect(findings({ "src/core/digest.node.ts": file })).to.deep.equal([]);
    const reached = findings({
      "src/core/digest.node.ts": file,
      "src/core/digest.ts": 'export { read } from "./digest.node.ts";',
    });
    expect(reached).to.deep.equal(["src/core/digest.ts imports src/core/digest.node.ts, which is not for browsers"]);
  });

  it("refuses an import of a file that does not exist", () => {
    expect(() => findings({ "src/core/a.ts": 'import "./gone.ts";' })).to.throw(
      'src/core/a.ts: "./gone.ts" names no file',
    );
  });
});
