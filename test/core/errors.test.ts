import { expect } from "chai";
import { BropError, ERRORS, type ErrorCode, type ErrorEntry, isErrorCode } from "../../src/core/errors.ts";

const entries = Object.entries(ERRORS) as [ErrorCode, ErrorEntry][];
const JSON_RPC_CODES = [
  -32700, -32600, -32601, -32602, -32603, -32001, -32002, -32003, -32004, -32005, -32500, -32503, -32507, -32521,
];

describe("the error table", () => {
  it("names every code in lower-case words with one dot between domain and error", () => {
    for (const [code] of entries) expect(code).to.match(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
  });

  it("gives every code words and a remedy in English and Chinese", () => {
    for (const [code, entry] of entries) {
      for (const text of [entry.title, entry.remedy]) expect(text, code).to.match(/^[\x20-\x7e]{8,}$/);
      for (const text of [entry.titleZh, entry.remedyZh]) expect(text, code).to.match(/\p{Script=Han}{2,}/u);
      expect(entry.title, code).not.to.match(/\.$/);
      expect(entry.remedy, code).to.match(/\.$/);
    }
  });

  it("says something different for every code", () => {
    for (const member of ["title", "titleZh"] as const) {
      expect(new Set(entries.map(([, entry]) => entry[member])).size).to.equal(entries.length);
    }
  });

  it("uses only error statuses of HTTP and known JSON-RPC codes", () => {
    for (const [code, entry] of entries) {
      expect(entry.httpStatus, code).to.be.within(400, 507);
      expect(JSON_RPC_CODES, code).to.include(entry.rpcCode);
    }
  });

  it("blames the server with a 5xx status exactly where a client can not mend the request", () => {
    const serverDomains = ["service", "chain", "relay", "signer", "timestamp", "data", "port", "store"];
    // A pause of the platform is no fault of who asks; a platform without an authority is as its operator wants it.
    const exceptions: Readonly<Record<string, boolean>> = { "quota.paused": true, "timestamp.none": false };
    for (const [code, entry] of entries) {
      const isServer = exceptions[code] ?? serverDomains.includes(code.split(".")[0] as string);
      expect(entry.httpStatus >= 500, code).to.equal(isServer);
    }
  });

  it("knows its own codes and no others, not even names of Object's prototype", () => {
    expect(isErrorCode("quota.exhausted")).to.equal(true);
    expect(isErrorCode("constructor")).to.equal(false);
    expect(isErrorCode("quota.unknown")).to.equal(false);
    expect(isErrorCode(-32602)).to.equal(false);
  });
});

describe("BropError", () => {
  it("describes itself by title and details in readable words", () => {
    const error = new BropError("quota.exhausted", { missing: 120n, availableAtBlock: 4567 });
    expect(error.message).to.equal("Too few quota points (missing 120, available at block 4567)");
    expect(new BropError("request.malformed").message).to.equal("The request is not valid JSON");
  });

  it("cuts long values in the message and keeps them whole in the details", () => {
    const data = `0x${"ab".repeat(500)}`;
    const error = new BropError("contract.reverted", { data });
    expect(error.message.length).to.be.below(200);
    expect(error.details.data).to.equal(data);
  });

  it("makes details safe for JSON", () => {
    const circular: Record<string, unknown> = { a: 1n };
    circular.self = circular;
    const { details } = new BropError("service.internal", {
      big: 2n ** 200n,
      bytes: Uint8Array.of(0, 255),
      nested: { list: [1n, undefined, new Error("inner")] },
      nothing: undefined,
      never: Number.NaN,
      at: new Date(0),
      circular,
      call: () => 1,
    });
    expect(details).to.deep.equal({
      big: (2n ** 200n).toString(),
      bytes: "0x00ff",
      nested: { list: ["1", null, "inner"] },
      never: "NaN",
      at: "1970-01-01T00:00:00.000Z",
      circular: { a: "1", self: "[circular]" },
    });
    expect(JSON.parse(JSON.stringify(details))).to.deep.equal(details);
  });

  it("becomes problem details as RFC 9457 asks", () => {
    const error = new BropError("evidence.head-mismatch", { head: "0x01", status: "mine" }, "The head moved on");
    expect(error.toProblem("/v1/records/7")).to.deep.equal({
      type: "urn:brop:error:evidence.head-mismatch",
      title: ERRORS["evidence.head-mismatch"].title,
      status: 409,
      detail: "The head moved on",
      instance: "/v1/records/7",
      code: "evidence.head-mismatch",
      remedy: ERRORS["evidence.head-mismatch"].remedy,
      head: "0x01",
    });
    expect(JSON.parse(JSON.stringify(error))).to.deep.equal(error.toProblem());
    expect(error.toProblem()).not.to.have.property("instance");
  });

  it("becomes a JSON-RPC error whose data names code, remedy and details", () => {
    expect(new BropError("quota.exhausted", { missing: 5 }).toRpcError()).to.deep.equal({
      code: -32500,
      message: "Too few quota points (missing 5)",
      data: { code: "quota.exhausted", remedy: ERRORS["quota.exhausted"].remedy, missing: 5 },
    });
  });

  it("never shows its cause to users", () => {
    const error = new BropError("service.internal", {}, undefined, { cause: new Error("password is hunter2") });
    expect(JSON.stringify([error, error.toRpcError(), error.message])).not.to.include("hunter2");
    expect((error.cause as Error).message).to.include("hunter2");
  });
});

describe("BropError.from", () => {
  it("leaves a BropError as it is, also inside another error", () => {
    const error = new BropError("evidence.exists");
    expect(BropError.from(error)).to.equal(error);
    expect(BropError.from(new Error("outer", { cause: error }))).to.equal(error);
  });

  it("reads problem details back", () => {
    const sent = new BropError("quota.exhausted", { missing: 7n });
    const received = BropError.from(JSON.parse(JSON.stringify(sent.toProblem("/v1/x"))));
    expect(received).to.include({ code: "quota.exhausted", message: sent.message });
    expect(received.details).to.deep.equal({ missing: "7" });
  });

  it("reads a JSON-RPC error back, also as ethers wraps it", () => {
    const rpcError = new BropError("operation.serial-used", { serial: 9n }).toRpcError();
    const asEthers = Object.assign(new Error("could not coalesce error"), { code: "UNKNOWN_ERROR", error: rpcError });
    const asEthersInfo = Object.assign(new Error("bad"), { code: "CALL_EXCEPTION", info: { error: rpcError } });
    for (const thrown of [rpcError, { error: rpcError }, asEthers, asEthersInfo]) {
      const error = BropError.from(thrown);
      expect(error).to.include({ code: "operation.serial-used", message: rpcError.message });
      expect(error.details).to.deep.equal({ serial: "9" });
      expect(error.cause).to.equal(thrown);
    }
  });

  it("gives operating-system errors their own code", () => {
    const system = (code: string, syscall: string, more: object) =>
      BropError.from(Object.assign(new Error(code), { code, syscall, ...more }));
    expect(system("ENOENT", "open", { path: "a.txt" })).to.deep.include({
      code: "file.not-found",
      details: { path: "a.txt" },
    });
    expect(system("EISDIR", "read", {}).code).to.equal("file.unreadable");
    expect(system("EADDRINUSE", "listen", { port: 8420 })).to.deep.include({
      code: "port.taken",
      details: { port: 8420 },
    });
    expect(system("EACCES", "listen", { port: 80 }).code).to.equal("service.internal");
  });

  it("turns everything else into service.internal without repeating its text", () => {
    for (const thrown of [new TypeError("secret"), "secret", undefined, null, 7, { code: "secret" }]) {
      const error = BropError.from(thrown);
      expect(error.code).to.equal("service.internal");
      expect(error.message).not.to.include("secret");
      expect(error.cause).to.equal(thrown);
    }
  });
});
