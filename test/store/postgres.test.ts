import { expect } from "chai";
import type { BropError } from "../../src/core/errors.ts";
import { openDatabase } from "../../src/store/open-database.ts";

describe("database server", () => {
  it("that does not answer is reported without the password", async () => {
    const url = "postgres://brop:secret@127.0.0.1:1/registry";
    const error = (await openDatabase({ url }).catch((thrown: unknown) => thrown)) as BropError;
    expect(error.code).to.equal("service.unavailable");
    expect(error.message).to.include("127.0.0.1:1/registry").and.include("ECONNREFUSED");
    expect(JSON.stringify(error.toProblem())).to.not.include("secret");
  });
});
