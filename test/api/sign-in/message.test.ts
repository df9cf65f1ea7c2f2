import { expect } from "chai";
import { Wallet } from "ethers";
import { readSignInMessage, signInMessage } from "../../../src/api/sign-in/message.ts";
import { BropError } from "../../../src/core/errors.ts";

const PLACE = { publicUrl: "https://platform.example.org", chainId: 8420 };
const NOW = Date.parse("2026-11-21T12:00:00Z");
const MINUTE = 60_000;
const ACCOUNT = new Wallet(`0x${"11".repeat(32)}`).address;
const NONCE = "0123456789abcdef";

const MESSAGE = signInMessage(PLACE, { account: ACCOUNT, nonce: NONCE, now: NOW, expiresAt: NOW + 10 * MINUTE });
const read = (message: string, now = NOW, place = PLACE) => readSignInMessage(message, place, now);
const swap = (from: string, to: string) => {
  expect(MESSAGE).to.include(from);
  return MESSAGE.replace(from, to);
};

describe("messages to sign in with (ERC-4361)", () => {
  it("are read as they were made", () => {
    expect(read(MESSAGE)).to.deep.equal({ account: ACCOUNT, nonce: NONCE });
  });

  it("name the account with its checksum, in whatever letter case it was given", () => {
    for (const account of [ACCOUNT.toLowerCase(), `0x${ACCOUNT.slice(2).toUpperCase()}`, ACCOUNT.replace(/b/i, "B")]) {
      expect(signInMessage(PLACE, { account, nonce: NONCE, now: NOW, expiresAt: NOW + 10 * MINUTE })).to.equal(MESSAGE);
    }
  });

  it("may have no statement, no end, and what the standard allows beside", () => {
    const own = [
      "https://platform.example.org wants you to sign in with your Ethereum account:",
      ...[ACCOUNT, "", "", "URI: https://platform.example.org/sign-in?from=here", "Version: 1", "Chain ID: 8420"],
      ...[`Nonce: ${NONCE}`, "Issued At: 2026-11-21T12:00:00Z", "Not Before: 2026-11-21T11:00:00+01:00"],
      ...["Request ID: 17", "Resources:", "- https://example.org/a", "- ipfs://abc/"],
    ].join("\n");
    expect(read(own)).to.deep.equal({ account: ACCOUNT, nonce: NONCE });
  });

  it("allow for clocks that are a minute wrong, and no more", () => {
    expect(read(MESSAGE, NOW - MINUTE)).to.include({ nonce: NONCE });
    expect(() => read(MESSAGE, NOW - MINUTE - 1)).to.throw(BropError, "future");
    expect(read(MESSAGE, NOW + 11 * MINUTE - 1)).to.include({ nonce: NONCE });
    expect(() => read(MESSAGE, NOW + 11 * MINUTE)).to.throw(BropError, "expired");
    const later = `${MESSAGE}\nNot Before: 2026-11-21T12:05:00Z`;
    expect(() => read(later)).to.throw(BropError, "has not come");
    expect(read(later, NOW + 4 * MINUTE)).to.include({ nonce: NONCE });
  });

  const strange: [what: string, message: string, reason: string][] = [
    ["of another site", swap("platform.example.org wants", "evil.example wants"), "domain"],
    ["of a site whose name ends the same", swap("platform", "x.platform"), "domain"],
    ["of another port", swap("platform.example.org wants", "platform.example.org:8443 wants"), "domain"],
    [
      "with somebody's name before the site",
      swap("platform.example.org wants", "platform.example.org@evil.example wants"),
      "domain",
    ],
    ["of another scheme", swap("platform.example.org wants", "http://platform.example.org wants"), "scheme"],
    ["for another address", swap("URI: https://platform.example.org", "URI: https://evil.example"), "URI"],
    ["for an address without TLS", swap("URI: https:", "URI: http:"), "URI"],
    [
      "for an address that only begins alike",
      swap("URI: https://platform.example.org", "URI: https://platform.example.org.evil.example"),
      "URI",
    ],
    ["for no web address", swap("URI: https://platform.example.org", "URI: urn:x"), "URI"],
    ["of another chain", swap("Chain ID: 8420", "Chain ID: 1"), "chain"],
    ["of a chain that reads alike", swap("Chain ID: 8420", "Chain ID: 8420.0"), "ERC-4361"],
    ["of another version", swap("Version: 1", "Version: 2"), "ERC-4361"],
    ["for an address in lower case", swap(ACCOUNT, ACCOUNT.toLowerCase()), "ERC-4361"],
    ["for an address that is too short", swap(ACCOUNT, ACCOUNT.slice(0, -1)), "ERC-4361"],
    ["without a nonce", swap(`Nonce: ${NONCE}\n`, ""), "ERC-4361"],
    ["with a short nonce", swap(NONCE, "1234567"), "ERC-4361"],
    ["with a nonce of other characters", swap(NONCE, "12345678-90"), "ERC-4361"],
    ["with two nonces", swap(`Nonce: ${NONCE}`, `Nonce: ${NONCE}\nNonce: ${NONCE}`), "ERC-4361"],
    ["in another order", swap("Version: 1\nChain ID: 8420", "Chain ID: 8420\nVersion: 1"), "ERC-4361"],
    ["with a line before", `Hello\n${MESSAGE}`, "ERC-4361"],
    ["with a line after", `${MESSAGE}\nNow pay`, "ERC-4361"],
    ["with an end of line after", `${MESSAGE}\n`, "ERC-4361"],
    ["with ends of lines of another kind", MESSAGE.replaceAll("\n", "\r\n"), "ERC-4361"],
    ["whose statement has two lines", swap("chain.", "chain.\nURI: https://platform.example.org"), "ERC-4361"],
    ["with a day that is none", swap("2026-11-21T12:00:00.000Z", "2026-02-31T25:00:00Z"), "ERC-4361"],
    ["with a second that is none", swap("2026-11-21T12:00:00.000Z", "2026-11-21T11:59:60Z"), "Issued At"],
    ["with a time in words", swap("2026-11-21T12:00:00.000Z", "today"), "ERC-4361"],
    ["that is empty", "", "ERC-4361"],
    ["that is one long line", "a".repeat(4_096), "ERC-4361"],
    ["with a character that is none", swap("Sign in", "Sign\u0000in"), "ERC-4361"],
    ["with half a character", swap("Sign in", "Sign\ud800in"), "ERC-4361"],
  ];
  for (const [what, message, reason] of strange) {
    it(`are refused when they are ${what}`, () => {
      expect(() => read(message))
        .to.throw(BropError, reason)
        .with.property("code", "request.invalid");
    });
  }
});
