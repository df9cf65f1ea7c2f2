import { expect } from "chai";
import { missingNativePackages } from "../../../scripts/bootstrap/native-packages.mjs";
import { temporaryTree } from "../temporary-tree.ts";

const EDR = ["darwin-arm64", "linux-arm64-gnu", "linux-x64-gnu", "linux-x64-musl", "win32-x64-msvc"];
const ANVIL = ["darwin-arm64", "linux-amd64", "linux-arm64", "win32-amd64"];
const BIOME = ["darwin-arm64", "linux-x64", "linux-x64-musl", "win32-x64"];

function manifest(name: string, platforms: readonly string[]): string {
  return JSON.stringify({ optionalDependencies: Object.fromEntries(platforms.map((p) => [`${name}-${p}`, "1.2.3"])) });
}

const PARENTS = {
  "node_modules/@nomicfoundation/edr/package.json": manifest("@nomicfoundation/edr", EDR),
  "node_modules/@foundry-rs/anvil/package.json": manifest("@foundry-rs/anvil", ANVIL),
  "node_modules/@biomejs/biome/package.json": manifest("@biomejs/cli", BIOME),
};

function missing(machine: { platform: string; arch: string; musl: boolean }, installed: string[] = []): string[] {
  const present = Object.fromEntries(installed.map((name) => [`node_modules/${name}/package.json`, "{}"]));
  const tree = temporaryTree({ ...PARENTS, ...present });
  try {
    return missingNativePackages(tree.root, machine);
  } finally {
    tree.remove();
  }
}

describe("native packages", () => {
  it("are the ones of the platform, with their versions", () => {
    expect(missing({ platform: "linux", arch: "x64", musl: false })).to.deep.equal([
      "@nomicfoundation/edr-linux-x64-gnu@1.2.3",
      "@foundry-rs/anvil-linux-amd64@1.2.3",
      "@biomejs/cli-linux-x64@1.2.3",
    ]);
    expect(missing({ platform: "darwin", arch: "arm64", musl: false })).to.deep.equal([
      "@nomicfoundation/edr-darwin-arm64@1.2.3",
      "@foundry-rs/anvil-darwin-arm64@1.2.3",
      "@biomejs/cli-darwin-arm64@1.2.3",
    ]);
  });

  it("are those for musl on a system that uses it", () => {
    expect(missing({ platform: "linux", arch: "x64", musl: true })).to.deep.equal([
      "@nomicfoundation/edr-linux-x64-musl@1.2.3",
      "@foundry-rs/anvil-linux-amd64@1.2.3",
      "@biomejs/cli-linux-x64-musl@1.2.3",
    ]);
  });

  it("are not missing when they are installed", () => {
    const installed = ["@nomicfoundation/edr-linux-x64-gnu", "@foundry-rs/anvil-linux-amd64", "@biomejs/cli-linux-x64"];
    expect(missing({ platform: "linux", arch: "x64", musl: false }, installed)).to.deep.equal([]);
  });

  it("are none where no package exists for the platform", () => {
    expect(missing({ platform: "freebsd", arch: "x64", musl: false })).to.deep.equal([]);
  });
});
