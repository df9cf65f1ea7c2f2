import { expect } from "chai";
import { isInstalled } from "../../../scripts/bootstrap/dependencies.mjs";
import { temporaryTree } from "../temporary-tree.ts";

const WANTED = {
  "": { name: "brop" },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-AA==" },
  "node_modules/b-darwin": { version: "1.0.0", integrity: "sha512-BB==", optional: true },
};

/** What the check says when npm recorded `installed`; nothing recorded when undefined. */
function verdict(installed?: object | string): boolean {
  const record = typeof installed === "string" ? installed : JSON.stringify({ packages: installed });
  const tree = temporaryTree({
    "package-lock.json": JSON.stringify({ packages: WANTED }),
    "node_modules/a/package.json": "{}",
    ...(installed === undefined ? {} : { "node_modules/.package-lock.json": record }),
  });
  try {
    return isInstalled(tree.root);
  } finally {
    tree.remove();
  }
}

describe("dependencies", () => {
  it("count as installed when npm recorded every package that this platform needs", () => {
    expect(verdict({ "node_modules/a": WANTED["node_modules/a"] })).to.equal(true);
    expect(verdict(WANTED)).to.equal(true);
  });

  it("count as missing while npm recorded nothing, as after an interrupted installation", () => {
    expect(verdict()).to.equal(false);
  });

  it("count as missing when the record is damaged", () => {
    expect(verdict('{"packages": {')).to.equal(false);
  });

  it("count as stale when a package is absent, older or different", () => {
    expect(verdict({})).to.equal(false);
    expect(verdict({ "node_modules/a": { version: "0.9.0", integrity: "sha512-AA==" } })).to.equal(false);
    expect(verdict({ "node_modules/a": { version: "1.0.0", integrity: "sha512-ZZ==" } })).to.equal(false);
  });

  it("count as stale when an optional package is there in another version", () => {
    const older = { ...WANTED["node_modules/b-darwin"], version: "0.9.0" };
    expect(verdict({ ...WANTED, "node_modules/b-darwin": older })).to.equal(false);
  });
});
