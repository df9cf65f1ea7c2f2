import { join } from "node:path";
import { expect } from "chai";
import { BootstrapError } from "../../../scripts/bootstrap/failure.mjs";
import { findNode } from "../../../scripts/bootstrap/node.mjs";
import { temporaryTree } from "../temporary-tree.ts";

const PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const EXECUTABLE = process.platform === "win32" ? "node.exe" : "node";

function found(files: Record<string, string>, version: string): { path: string; root: string } {
  const tree = temporaryTree(files);
  try {
    return { path: findNode(tree.root, version), root: tree.root };
  } finally {
    tree.remove();
  }
}

describe("choice of Node", () => {
  it("falls on the packaged one, however new the running one is", () => {
    const { path, root } = found({ [`node_modules/${PACKAGE}/bin/${EXECUTABLE}`]: "" }, "99.0.0");
    expect(path).to.equal(join(root, "node_modules", PACKAGE, "bin", EXECUTABLE));
  });

  it("falls on the running one where no package exists and it runs TypeScript", () => {
    for (const version of ["22.18.0", "22.19.1", "23.0.0", "24.21.0"]) {
      expect(found({}, version).path).to.equal(process.execPath);
    }
  });

  it("is refused, with what to install, where no package exists and the running one is too old", () => {
    for (const version of ["20.20.2", "22.17.9"]) {
      expect(() => found({}, version)).to.throw(BootstrapError, "Install Node 22.18 or newer");
    }
  });
});
