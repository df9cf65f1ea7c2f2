import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { BropError } from "../../../src/core/errors.ts";
import { buildQuery, readQuery } from "../../../src/core/timestamp/request.ts";
import { grantedResponse, refusedResponse } from "../../../src/core/timestamp/response.ts";
import { httpAuthority } from "../../../src/timestamp/client/http-authority.ts";
import { TimestampClient } from "../../../src/timestamp/client/timestamp-client.ts";
import {
  authorityOf,
  certifyIssuer,
  certifyStamping,
  digestOfText,
  stampText,
} from "../../support/time-stamp-authorities.ts";

const root = certifyIssuer("Root");
const own = certifyStamping("Authority", root);
const honest = authorityOf({ root, own });
const HOUR = 3_600_000;

async function refusal(work: Promise<unknown>): Promise<BropError> {
  const error = await work.then(
    () => new Error("Nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof BropError) return error;
  throw error;
}

describe("a client of time-stamping authorities", () => {
  const client = (ask: (request: Uint8Array) => Promise<Uint8Array>, now = Date.now()) =>
    new TimestampClient({
      ask,
      trusted: [root.certificate],
      random: (bytes) => new Uint8Array(bytes).fill(7),
      now: () => now,
    });
  const invalid = async (ask: (request: Uint8Array) => Promise<Uint8Array>, since?: Date) => {
    const error = await refusal(client(ask).stamp(digestOfText(), since));
    expect(error.code).to.equal("timestamp.invalid");
    return error.message;
  };

  it("has a digest stamped, with a nonce and the certificate in the token", async () => {
    let asked: Uint8Array = new Uint8Array();
    const { verified } = await client((request) => {
      asked = request;
      return honest.answer(request);
    }).stamp(digestOfText());
    expect(verified.authority.name).to.equal("Authority");
    expect(verified.nonce).to.equal(0x0707070707070707n);
    expect(readQuery(asked).certificate).to.equal(true);
  });

  it("tells an authority's refusal in its words", async () => {
    const error = await refusal(
      client(async () => refusedResponse("timeNotAvailable", "No time today")).stamp(digestOfText()),
    );
    expect(error.code).to.equal("timestamp.refused");
    expect(error.details).to.deep.include({ failure: "timeNotAvailable", text: "No time today" });
  });

  it("believes no answer: not to another question, of another time, or by another authority", async () => {
    const answer =
      (time?: Date, query: Parameters<typeof stampText>[2] = { nonce: 0x0707070707070707n }) =>
      async () =>
        grantedResponse(await stampText({ root, own }, time, query));
    await client(answer()).stamp(digestOfText());
    expect(await invalid(answer(undefined, {}))).to.contain("another nonce");
    expect(await invalid(answer(undefined, { nonce: 8n }))).to.contain("another nonce");
    const digest = new Uint8Array(32);
    expect(await invalid(answer(undefined, { nonce: 0x0707070707070707n, digest }))).to.contain("is of other data");
    // An answer of yesterday, kept for today, has another nonce; one of this nonce can not be from then either.
    expect(await invalid(answer(new Date(Date.now() - HOUR)))).to.contain("which is before");
    expect(await invalid(answer(new Date(Date.now() + HOUR)))).to.contain("which is after");
    expect(await invalid(answer(), new Date(Date.now() + HOUR))).to.contain("which is before");
    const other = certifyIssuer("Other");
    const stranger = authorityOf({ root: other, own: certifyStamping("Authority", other) });
    expect(await invalid((request) => stranger.answer(request))).to.contain("leads to no authority");
    expect(await invalid(async () => new TextEncoder().encode("<html>"))).to.contain("is not DER");
    expect(await invalid(async (request) => request)).to.contain("time-stamp response");
  });
});

describe("an authority over HTTP", () => {
  let server: Server;
  let listener: RequestListener = () => undefined;
  let url = "";

  before(async () => {
    server = createServer((request, response) => listener(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const request = buildQuery({ algorithm: "SHA-256", digest: digestOfText() });
  const unavailable = async (address = url, timeout = 2_000) => {
    const error = await refusal(httpAuthority(address, timeout)(request));
    expect(error.code).to.equal("timestamp.unavailable");
    return String(error.details.reason);
  };

  it("is asked as the protocol says, with a password where the address has one, which nothing shows", async () => {
    const seen: unknown[] = [];
    listener = (incoming, response) => {
      seen.push(incoming.method, incoming.headers["content-type"], incoming.headers.authorization);
      response.end("answer");
    };
    const answer = await httpAuthority(url.replace("//", "//user:pass%20word@"))(request);
    expect(Buffer.from(answer).toString()).to.equal("answer");
    const basic = `Basic ${Buffer.from("user:pass word").toString("base64")}`;
    expect(seen).to.deep.equal(["POST", "application/timestamp-query", basic]);
    listener = (_, response) => response.writeHead(500).end();
    expect(await unavailable(url.replace("//", "//user:secret@"))).not.to.contain("secret");
  });

  it("that answers with an error, elsewhere, with too much, too late or not at all is not available", async () => {
    listener = (_, response) => response.writeHead(503).end();
    expect(await unavailable()).to.equal("it answers with status 503");
    let followed = false;
    listener = ({ url: path }, response) => {
      followed ||= path !== "/tsa";
      response.writeHead(302, { location: "/elsewhere" }).end();
    };
    await unavailable();
    expect(followed).to.equal(false);
    listener = (_, response) => response.end(new Uint8Array(300_000));
    expect(await unavailable()).to.contain("more than 200000 bytes");
    listener = (_, response) => response.write("a");
    expect(await unavailable(url, 100)).to.match(/timeout|aborted/);
    listener = (incoming) => incoming.socket.destroy();
    await unavailable();
    await unavailable("http://127.0.0.1:1/");
  });
});
