import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { ErrorFragment, Interface } from "ethers";
import { CONTRACT_ERRORS } from "../../src/chain/contract-error-table.ts";
import { decodeContractError, errorFromRevert } from "../../src/chain/contract-errors.ts";
import { encodeSerial } from "../../src/core/serial.ts";

const ACCOUNT = "0x00000000000000000000000000000000000000AA";

describe("contract errors", () => {
  it("are all in the table, with the contracts' own parameter types", () => {
    const known = new Set(Object.values(CONTRACT_ERRORS).flatMap((list) => list.map(selectorOf)));
    const missing = errorsInSources().filter((signature) => !known.has(selectorOf(signature)));
    expect(missing).to.deep.equal([]);
  });

  it("stand in the table once each", () => {
    const all = Object.values(CONTRACT_ERRORS).flatMap((list) => list.map(selectorOf));
    expect(new Set(all).size).to.equal(all.length);
  });

  it("carry what is missing of the quota and when it is there", () => {
    const error = errorFromRevert(
      encode("QuotaExhausted(address account, uint256 missing, uint256 at)", [ACCOUNT, 7, 99]),
    );
    expect(error.code).to.equal("quota.exhausted");
    expect(error.details).to.deep.equal({ account: ACCOUNT, missing: "7", availableAtBlock: "99" });
  });

  it("say never where the ceiling is too low", () => {
    const error = errorFromRevert(
      encode("QuotaExhausted(address account, uint256 missing, uint256 at)", [ACCOUNT, 7, 2n ** 256n - 1n]),
    );
    expect(error.details.availableAtBlock).to.equal("never");
  });

  it("are taken out of EntryPoint's error", () => {
    const inner = encode("QuotaUncertified(address account)", [ACCOUNT]);
    const data = encode("FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)", [3, "AA23 reverted", inner]);
    expect(errorFromRevert(data)).to.include({ code: "account.uncertified" });
  });

  it("tell a used serial from an ordinary nonce out of order", () => {
    const data = encode("FailedOp(uint256 opIndex, string reason)", [0, "AA25 invalid account nonce"]);
    expect(errorFromRevert(data, encodeSerial({ deadlineBlock: 5 })).code).to.equal("operation.serial-used");
    expect(errorFromRevert(data, 1n << 64n).code).to.equal("operation.nonce-out-of-order");
  });

  const reasons: [string, string][] = [
    ["AA20 account not deployed", "operation.account-unknown"],
    ["AA24 signature error", "operation.signature-invalid"],
    ["AA26 over verificationGasLimit", "operation.gas-too-low"],
    ["AA21 didn't pay prefund", "operation.rejected"],
    ["AA23 reverted", "operation.gas-too-low"],
  ];
  for (const [reason, code] of reasons) {
    it(`map EntryPoint's ${reason} to ${code}`, () => {
      const error = errorFromRevert(encode("FailedOp(uint256 opIndex, string reason)", [0, reason]));
      expect(error.code).to.equal(code);
      expect(error.details.reason).to.equal(reason);
    });
  }

  it("are taken out of Council's error, which says in which call", () => {
    const inner = encode("Unauthorised(address caller, uint64 role)", [ACCOUNT, 1]);
    const error = errorFromRevert(encode("CouncilCallFailed(uint256 index, bytes reason)", [2, inner]));
    expect(error.code).to.equal("access.denied");
    expect(error.details).to.include({ councilCall: "2", error: "Unauthorised", role: "1" });
  });

  it("keep a plain reason, a panic, foreign data and no data apart", () => {
    expect(errorFromRevert(encode("Error(string reason)", ["because"])).details).to.deep.equal({ reason: "because" });
    expect(errorFromRevert(encode("Panic(uint256 panic)", [0x11])).details).to.deep.equal({
      error: "Panic",
      panic: "17",
    });
    expect(errorFromRevert("0x12345678").details).to.deep.equal({ data: "0x12345678" });
    expect(errorFromRevert("0x").details.reason).to.match(/without a reason/);
  });

  it("treat a known selector with broken values as foreign data", () => {
    const selector = selectorOf("QuotaExhausted(address account, uint256 missing, uint256 at)");
    expect(decodeContractError(`${selector}01`)).to.equal(undefined);
    expect(errorFromRevert(`${selector}01`).code).to.equal("contract.reverted");
  });
});

function selectorOf(signature: string): string {
  return ErrorFragment.from(`error ${signature}`).selector;
}

function encode(signature: string, values: unknown[]): string {
  const abi = new Interface([`error ${signature}`]);
  return abi.encodeErrorResult(signature.slice(0, signature.indexOf("(")), values);
}

/** Errors declared anywhere in the contracts; enumerations (the only capitalised types in them) are uint8. */
function errorsInSources(): string[] {
  const folder = new URL("../../contracts/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".sol") && !path.startsWith("testing") && !path.endsWith(".t.sol"),
  );
  expect(sources).to.not.have.lengthOf(0);
  return sources.flatMap((path) =>
    [...readFileSync(new URL(path, folder), "utf8").matchAll(/^\s*error (\w+\([^;]*\));/gm)].map((match) =>
      match[1]!.replace(/\s+/g, " ").replace(/([(,] ?)[A-Z]\w*(?= )/g, "$1uint8"),
    ),
  );
}
