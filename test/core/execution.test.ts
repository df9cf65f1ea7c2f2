import { expect } from "chai";
import { AbiCoder, getAddress, Interface, solidityPacked } from "ethers";
import fc from "fast-check";
import { BATCH_MODE, decodeExecute, encodeBatch, encodeExecute, SINGLE_MODE } from "../../src/core/execution.ts";
import { errorOf } from "./code-of.ts";

const INTERFACE = new Interface(["function execute(bytes32 mode, bytes executionData)"]);
const BATCH_TYPE = "tuple(address target, uint256 value, bytes callData)[]";
const TARGET = "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108";

const calls = fc.array(
  fc.record({
    target: fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((bytes) => getAddress(`0x${Buffer.from(bytes).toString("hex")}`)),
    value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    data: fc.uint8Array({ maxLength: 100 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
  }),
  { maxLength: 6 },
);

function byEthers(mode: string, list: { target: string; value: bigint; data: string }[]): string {
  const rows = list.map(({ target, value, data }) => [target, value, data]);
  return INTERFACE.encodeFunctionData("execute", [mode, AbiCoder.defaultAbiCoder().encode([BATCH_TYPE], [rows])]);
}

describe("execution", () => {
  it("encodes batches as ethers does", () => {
    fc.assert(
      fc.property(calls, (list) => {
        // Execution data always fills whole words, so that there is no padding behind it.
        expect(encodeBatch(list)).to.equal(byEthers(BATCH_MODE, list));
      }),
    );
  });

  it("reads its own calls back", () => {
    fc.assert(
      fc.property(calls, (list) => {
        expect(decodeExecute(encodeExecute(list))).to.deep.equal(list);
      }),
    );
  });

  it("sends no value unless told", () => {
    expect(decodeExecute(encodeExecute([{ target: TARGET, data: "0xAB" }]))).to.deep.equal([
      { target: TARGET, value: 0n, data: "0xab" },
    ]);
  });

  it("knows a batch and a single call, and no other mode", () => {
    const list = [{ target: TARGET, value: 0n, data: "0x" }];
    const withMode = (start: string) => decodeExecute(byEthers(start.padEnd(66, "0"), list));
    expect(withMode("0x01")).to.deep.equal(list);
    expect(withMode(`0x0100${"ab".repeat(4)}00000000${"cd".repeat(22)}`)).to.equal(undefined);
    expect(withMode("0xff")).to.equal(undefined); // delegate call
    expect(withMode("0x0101")).to.equal(undefined); // ignore failures
    expect(withMode("0x01000000000078210001")).to.equal(undefined); // with further data
  });

  it("writes a single call in ERC-7579's short form, as ethers does", () => {
    const packed = solidityPacked(["address", "uint256", "bytes"], [TARGET, 7n, "0x123456"]);
    const expected = INTERFACE.encodeFunctionData("execute", [SINGLE_MODE, packed]);
    expect(encodeExecute([{ target: TARGET, value: 7n, data: "0x123456" }])).to.equal(expected);
  });

  it("reads a damaged single call as none or as another one, and never fails otherwise", () => {
    const encoded = encodeExecute([{ target: TARGET, data: "0x1234" }]);
    for (let length = 10; length < 266; length += 8) {
      expect(decodeExecute(encoded.slice(0, length)), `${length}`).to.equal(undefined);
    }
  });

  it("does not take other or damaged call data for a batch", () => {
    const encoded = encodeBatch([{ target: TARGET, data: "0x1234" }]);
    expect(decodeExecute("0x")).to.equal(undefined);
    expect(decodeExecute(`0xa9059cbb${encoded.slice(10)}`)).to.equal(undefined);
    for (let length = 10; length < encoded.length; length += 16) {
      expect(decodeExecute(encoded.slice(0, length)), `${length}`).to.equal(undefined);
    }
    expect(decodeExecute(encoded.replace("4337084d", "4337084d".padStart(16, "f")))).to.equal(undefined);
    const dirtyAddress = encoded.replace(TARGET.slice(2).toLowerCase().padStart(64, "0"), "f".repeat(64));
    expect(decodeExecute(dirtyAddress)).to.equal(undefined);
  });

  it("refuses what can not be encoded and names it", () => {
    const fieldOf = (call: object) =>
      errorOf(() =>
        encodeExecute([
          { target: TARGET, data: "0x" },
          { target: TARGET, data: "0x", ...call },
        ]),
      )?.details.field;
    expect(fieldOf({ target: "0x12" })).to.equal("calls[1].target");
    expect(fieldOf({ data: "0x123" })).to.equal("calls[1].data");
    expect(fieldOf({ value: -1n })).to.equal("calls[1].value");
    expect(fieldOf({ value: 2n ** 256n })).to.equal("calls[1].value");
  });
});
