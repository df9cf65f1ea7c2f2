import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  LEVELS,
  levelName,
  levelNumber,
  PARTNER_PERMISSIONS,
  permissionBits,
  permissionNames,
} from "../../src/core/levels.ts";
import { codeOf } from "./code-of.ts";

const source = (name: string) => readFileSync(new URL(`../../contracts/types/${name}.sol`, import.meta.url), "utf8");

describe("levels and permissions", () => {
  it("have the contracts' numbers", () => {
    const levels = [...source("Levels").matchAll(/constant (\w+) = (\d+);/g)].map(([, name, number]) => [
      name?.toLowerCase().replaceAll("_", "-"),
      Number(number),
    ]);
    expect({ none: 0, ...LEVELS }).to.deep.equal(Object.fromEntries(levels));
    const [, partners = ""] = source("Permissions").split("library PartnerPermissions");
    const permissions = [...partners.matchAll(/constant (\w+) = 1 << (\d+);/g)].map(([, name, bit]) => [
      name?.toLowerCase(),
      1 << Number(bit),
    ]);
    expect(PARTNER_PERMISSIONS).to.deep.equal(Object.fromEntries(permissions));
  });

  it("go by name or number", () => {
    expect(levelNumber("real-name")).to.equal(5);
    expect(levelNumber(9)).to.equal(9);
    expect(levelName(5n)).to.equal("real-name");
    expect(levelName(9)).to.equal("level 9");
    expect(permissionBits(["identity", "vouchers"])).to.equal(5);
    expect(permissionNames(5n)).to.deep.equal(["identity", "vouchers"]);
  });

  it("are refused when there is none of that name", () => {
    expect(codeOf(() => levelNumber("toString" as never))).to.equal("request.invalid");
    for (const level of [0, 256, 1.5]) expect(codeOf(() => levelNumber(level))).to.equal("request.invalid");
    expect(codeOf(() => permissionBits(["everything" as never]))).to.equal("request.invalid");
  });
});
