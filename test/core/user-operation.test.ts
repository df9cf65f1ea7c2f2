import { expect } from "chai";
import { getAddress, Interface } from "ethers";
import fc from "fast-check";
import { encodeFunctionData, type Hex, parseAbi } from "viem";
import {
  entryPoint08Address,
  formatUserOperationRequest,
  getUserOperationHash,
  toPackedUserOperation,
  type UserOperation as ViemUserOperation,
} from "viem/account-abstraction";
import { decodeHandleOps, encodeHandleOps } from "../../src/core/handle-ops.ts";
import {
  ENTRY_POINT,
  isDelegated,
  pack,
  parseUserOperation,
  toRpc,
  type UserOperation,
  unpack,
  userOperationHash,
} from "../../src/core/user-operation.ts";
import { codeOf, errorOf } from "./code-of.ts";

const ABI = [
  "struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }",
  "function handleOps(PackedUserOperation[] ops, address beneficiary)",
] as const;

const INTERFACE = new Interface([
  `function handleOps((${ABI[0].match(/\{ (.*); \}/)?.[1]?.replaceAll(";", ",")})[] ops, address beneficiary)`,
]);

const uint = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n });
const bytes = (size: { minLength?: number; maxLength?: number }) =>
  fc.uint8Array(size).map((value) => `0x${Buffer.from(value).toString("hex")}`);
const addresses = bytes({ minLength: 20, maxLength: 20 }).map((value) => getAddress(value));

const plainOperations = fc.record({
  sender: addresses,
  nonce: uint(256n),
  callData: bytes({ maxLength: 300 }),
  callGasLimit: uint(128n),
  verificationGasLimit: uint(128n),
  preVerificationGas: uint(256n),
  maxFeePerGas: uint(128n),
  maxPriorityFeePerGas: uint(128n),
  signature: bytes({ maxLength: 100 }),
});
const factories = fc.record({ factory: addresses, factoryData: bytes({ maxLength: 70 }) });
const paymasters = fc.record({
  paymaster: addresses,
  paymasterVerificationGasLimit: uint(128n),
  paymasterPostOpGasLimit: uint(128n),
  paymasterData: bytes({ maxLength: 70 }),
});
const operations: fc.Arbitrary<UserOperation> = fc
  .tuple(plainOperations, fc.option(factories), fc.option(paymasters))
  .map(([plain, factory, paymaster]) => ({ ...plain, ...factory, ...paymaster }));

const valid = {
  sender: "0x00000000000000000000000000000000000000a1",
  nonce: "0x0",
  callData: "0x",
  callGasLimit: "0x1",
  verificationGasLimit: "0x2",
  preVerificationGas: "0x3",
  maxFeePerGas: "0x0",
  maxPriorityFeePerGas: "0x0",
  signature: "0x1234",
};

describe("userOperationHash", () => {
  it("equals viem's for every operation, EntryPoint and chain", () => {
    fc.assert(
      fc.property(operations, addresses, fc.integer({ min: 1, max: 2 ** 31 }), (operation, entryPoint, chainId) => {
        const expected = getUserOperationHash({
          chainId,
          entryPointAddress: entryPoint as Hex,
          entryPointVersion: "0.8",
          userOperation: operation as ViemUserOperation<"0.8">,
        });
        expect(userOperationHash(operation, entryPoint, chainId)).to.equal(expected);
        expect(userOperationHash(operation, entryPoint, BigInt(chainId))).to.equal(expected);
      }),
    );
  });

  it("does not depend on the signature and depends on the chain", () => {
    const operation = parseUserOperation(valid);
    const hash = userOperationHash(operation, ENTRY_POINT, 1);
    expect(isDelegated(operation)).to.equal(false);
    expect(userOperationHash({ ...operation, signature: "0x" }, ENTRY_POINT, 1)).to.equal(hash);
    expect(userOperationHash(operation, ENTRY_POINT, 2)).not.to.equal(hash);
    expect(userOperationHash(operation, valid.sender, 1)).not.to.equal(hash);
  });

  it("is refused for EIP-7702 operations", () => {
    const marked = parseUserOperation({ ...valid, factory: "0x7702" });
    const authorised = parseUserOperation({ ...valid, eip7702Auth: { address: valid.sender } });
    for (const operation of [marked, authorised, unpack(pack(marked))]) {
      expect(isDelegated(operation)).to.equal(true);
      expect(codeOf(() => userOperationHash(operation, ENTRY_POINT, 1))).to.equal("operation.delegation-refused");
    }
  });
});

describe("pack and unpack", () => {
  it("pack as viem does", () => {
    fc.assert(
      fc.property(operations, (operation) => {
        const expected = toPackedUserOperation(operation as ViemUserOperation<"0.8">);
        expect(pack(operation)).to.deep.equal(expected);
      }),
    );
  });

  it("give the operation back", () => {
    fc.assert(
      fc.property(operations, (operation) => {
        expect(unpack(pack(operation))).to.deep.equal(operation);
      }),
    );
  });
});

describe("encodeHandleOps", () => {
  it("encodes as viem and ethers do", () => {
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 6 }), addresses, (list, beneficiary) => {
        const packed = list.map(pack);
        const encoded = encodeHandleOps(packed, beneficiary);
        const args = [packed, beneficiary] as never;
        const byViem = encodeFunctionData({ abi: parseAbi(ABI), functionName: "handleOps", args });
        expect(encoded).to.equal(byViem.toLowerCase()); // viem keeps the mixed case of addresses inside bytes
        expect(encoded).to.equal(INTERFACE.encodeFunctionData("handleOps", args));
      }),
    );
  });

  it("is read back by decodeHandleOps", () => {
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 6 }), addresses, (list, beneficiary) => {
        const packed = list.map(pack);
        expect(decodeHandleOps(encodeHandleOps(packed, beneficiary))).to.deep.equal({
          operations: packed.map((operation) => ({
            ...operation,
            initCode: operation.initCode.toLowerCase(),
            paymasterAndData: operation.paymasterAndData.toLowerCase(),
          })),
          beneficiary,
        });
      }),
    );
  });

  it("leaves other call data alone and refuses call data that is cut off", () => {
    const encoded = encodeHandleOps([pack(parseUserOperation(valid))], ENTRY_POINT);
    expect(decodeHandleOps("0x")).to.equal(undefined);
    expect(decodeHandleOps(`0x12345678${encoded.slice(10)}`)).to.equal(undefined);
    for (let length = 10; length < encoded.length - 64; length += 32) {
      expect(
        codeOf(() => decodeHandleOps(encoded.slice(0, length))),
        `${length}`,
      ).to.equal("request.invalid");
    }
  });

  it("ends with a result or an error for any call data, and agrees with ethers where both read it", () => {
    const encoded = encodeHandleOps([pack(parseUserOperation(valid))], ENTRY_POINT).slice(10);
    const position = fc.nat({ max: encoded.length / 64 - 1 });
    const value = fc.oneof(fc.nat({ max: 800 }), fc.constant(2 ** 52), uint(256n)).map((n) => BigInt(n));
    fc.assert(
      fc.property(fc.array(fc.tuple(position, value), { minLength: 1, maxLength: 3 }), (changes) => {
        let callData = encoded;
        for (const [index, number] of changes) {
          const word = number.toString(16).padStart(64, "0");
          callData = callData.slice(0, index * 64) + word + callData.slice((index + 1) * 64);
        }
        callData = `0x765e827f${callData}`;
        let expected: unknown;
        try {
          expected = JSON.stringify(INTERFACE.decodeFunctionData("handleOps", callData), bigintAsText);
        } catch {
          return;
        }
        try {
          const decoded = decodeHandleOps(callData);
          const asRows = [decoded?.operations.map((operation) => Object.values(operation)), decoded?.beneficiary];
          expect(JSON.stringify(asRows, bigintAsText)).to.equal(expected);
        } catch (error) {
          // Stricter than ethers, which cuts addresses to 20 bytes.
          expect(error).to.include({ code: "request.invalid" });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("parseUserOperation", () => {
  it("uses viem's address of EntryPoint", () => {
    expect(ENTRY_POINT).to.equal(entryPoint08Address);
  });

  it("reads what viem's bundler client sends", () => {
    fc.assert(
      fc.property(operations, (operation) => {
        const sent = JSON.parse(JSON.stringify(formatUserOperationRequest(operation as ViemUserOperation)));
        expect(parseUserOperation(sent)).to.deep.equal(operation);
      }),
    );
  });

  it("comes back from its JSON-RPC form", () => {
    fc.assert(
      fc.property(operations, (operation) => {
        expect(parseUserOperation(JSON.parse(JSON.stringify(toRpc(operation))))).to.deep.equal(operation);
      }),
    );
    expect(toRpc(parseUserOperation(valid))).to.deep.equal({ ...valid, sender: getAddress(valid.sender) });
  });

  it("takes quantities with leading zeros and null for an absent field, as some clients write them", () => {
    const operation = parseUserOperation({ ...valid, nonce: "0x00ff", factory: null, paymaster: null });
    expect(operation.nonce).to.equal(255n);
    expect(operation).not.to.have.any.keys("factory", "paymaster");
  });

  it("keeps both forms of the EIP-7702 marker so that they can be refused by name", () => {
    for (const factory of ["0x7702", "0x7702000000000000000000000000000000000000"]) {
      expect(parseUserOperation({ ...valid, factory }).factory).to.equal("0x7702");
    }
  });

  it("needs gas fields only when it is not for an estimate", () => {
    const { sender, nonce, callData, signature } = valid;
    const bare = { sender, nonce, callData, signature };
    expect(errorOf(() => parseUserOperation(bare))?.details).to.include({ field: "callGasLimit" });
    expect(parseUserOperation(bare, { forEstimate: true })).to.deep.include({ callGasLimit: 0n, maxFeePerGas: 0n });
  });

  it("names the field that is missing", () => {
    for (const field of Object.keys(valid)) {
      const { [field as keyof typeof valid]: _, ...rest } = valid;
      expect(errorOf(() => parseUserOperation(rest))?.details, field).to.deep.equal({ field, reason: "is missing" });
    }
  });

  it("names the field that is wrong", () => {
    const wrong: [string, unknown][] = [
      ["sender", "0x01"],
      ["sender", `0x${"zz".repeat(20)}`],
      ["sender", "0x4337084d9E255Ff0702461CF8895CE9E3b5Ff108"], // one letter in the wrong case
      ["nonce", "0x"],
      ["nonce", "12"],
      ["nonce", 12],
      ["nonce", `0x1${"0".repeat(64)}`],
      ["callData", "0x1"],
      ["callData", ["0x"]],
      ["signature", "1234"],
      ["callGasLimit", `0x1${"0".repeat(32)}`],
      ["maxFeePerGas", "-0x1"],
      ["eip7702Auth", "0x"],
      ["factory", "0x"],
      ["initCode", "0x"],
      ["constructor", "0x"],
    ];
    for (const [field, value] of wrong) {
      const error = errorOf(() => parseUserOperation({ ...valid, [field]: value }));
      expect(error?.code, `${field} ${value}`).to.equal("request.invalid");
      expect(error?.details.field).to.equal(field);
    }
  });

  it("refuses factory data without factory and paymaster fields without paymaster", () => {
    expect(errorOf(() => parseUserOperation({ ...valid, factoryData: "0x" }))?.details.field).to.equal("factoryData");
    expect(errorOf(() => parseUserOperation({ ...valid, paymasterData: "0x" }))?.details.field).to.equal(
      "paymasterData",
    );
  });

  it("refuses what is no object", () => {
    for (const json of [null, undefined, "0x", 1, [], [valid]]) {
      expect(codeOf(() => parseUserOperation(json))).to.equal("request.invalid");
    }
  });
});

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
