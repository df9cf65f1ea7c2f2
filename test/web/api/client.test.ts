import { expect } from "chai";
import { BropError } from "../../../src/core/errors.ts";
import { get, pathOf } from "../../../src/web/api/client.ts";

describe("web: asking the query interface", () => {
  const real = globalThis.fetch;
  const asked: string[] = [];
  const answerWith = (make: () => Promise<Response>) => {
    globalThis.fetch = (address) => {
      asked.push(String(address));
      return make();
    };
  };
  const failure = async (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail("it answered"),
      (thrown: unknown) => thrown,
    );
  const codeOf = async (promise: Promise<unknown>) => ((await failure(promise)) as BropError).code;

  beforeEach(() => asked.splice(0));
  afterEach(() => {
    globalThis.fetch = real;
  });

  it("asks below /v1 and leaves out parameters without a value", async () => {
    answerWith(async () => Response.json({ items: [] }));
    await get("/records", { digest: "0x1", cursor: undefined, limit: 5 });
    expect(asked).to.deep.equal(["/v1/records?digest=0x1&limit=5"]);
  });

  it("lets no part of a path reach another route", () => {
    expect(pathOf("accounts", "a/../../status?x#y", "records")).to.equal(
      "/accounts/a%2F..%2F..%2Fstatus%3Fx%23y/records",
    );
  });

  it("throws what the server answered, with its details", async () => {
    const problem = new BropError("evidence.not-found", { digest: "0x1" }).toProblem();
    answerWith(async () => Response.json(problem, { status: 404 }));
    const error = (await failure(get("/x"))) as BropError;
    expect(error.code).to.equal("evidence.not-found");
    expect(error.details).to.deep.include({ digest: "0x1" });
  });

  it("says that nothing is found or the service is not ready where the answer has no words of its own", async () => {
    answerWith(async () => new Response("<html>", { status: 404 }));
    expect(await codeOf(get("/x"))).to.equal("resource.not-found");
    answerWith(async () => new Response("bad gateway", { status: 502 }));
    expect(await codeOf(get("/x"))).to.equal("service.unavailable");
    answerWith(async () => new Response("<html>", { status: 200 }));
    expect(await codeOf(get("/x"))).to.equal("service.unavailable");
    answerWith(async () => Response.json({ code: "no.such-code" }, { status: 500 }));
    expect(await codeOf(get("/x"))).to.equal("service.unavailable");
  });

  it("says that the service is not ready where it can not be reached", async () => {
    answerWith(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await codeOf(get("/x"))).to.equal("service.unavailable");
  });

  it("lets an aborted question end as what it is", async () => {
    const abort = new AbortController();
    abort.abort();
    answerWith(() => Promise.reject(abort.signal.reason));
    expect(await failure(get("/x", {}, abort.signal))).to.equal(abort.signal.reason);
  });
});
