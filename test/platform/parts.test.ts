import { expect } from "chai";
import { type Flags, readConfig } from "../../src/config.ts";
import { BropError } from "../../src/core/errors.ts";
import { partsOf } from "../../src/platform/parts.ts";

const NODE = "http://127.0.0.1:8545";

describe("the parts of a process", () => {
  const parts = (flags: Flags) => [...partsOf(readConfig(flags, {}))];

  it("are all of the platform by default, with a chain of its own unless a node is given", () => {
    expect(parts({})).to.deep.equal(["chain", "access", "indexer", "push", "uplink", "api"]);
    expect(parts({ rpcUrl: NODE })).to.deep.equal(["access", "indexer", "push", "uplink", "api"]);
  });

  it("are the one that is asked for", () => {
    expect(parts({ role: "chain" })).to.deep.equal(["chain"]);
    for (const role of ["access", "indexer", "push", "uplink", "api"])
      expect(parts({ role, rpcUrl: NODE })).to.deep.equal([role]);
  });

  it("are refused without a chain to work with, and a chain with another one's node", () => {
    for (const flags of [{ role: "access" }, { role: "indexer" }, { role: "api" }, { role: "chain", rpcUrl: NODE }]) {
      expect(() => parts(flags))
        .to.throw(BropError)
        .with.property("code", "configuration.invalid");
    }
  });
});
