import { ParsedMessage } from "@spruceid/siwe-parser";
import { getAddress } from "ethers";
import { BropError } from "../../core/errors.ts";

/** Where people sign in. */
export interface Place {
  /** Address under which the platform is reached; a message for any other one is refused. */
  publicUrl: string;
  chainId: number;
}

/** Milliseconds by which the clock of who signs may be wrong. */
export const CLOCK_SKEW = 60_000;
const STATEMENT = "Sign in to BROP. This costs nothing and changes nothing on the chain.";

interface NewMessage {
  account: string;
  nonce: string;
  now: number;
  expiresAt: number;
}

/** The message that an account signs to sign in (ERC-4361). */
export function signInMessage({ publicUrl, chainId }: Place, { account, nonce, now, expiresAt }: NewMessage): string {
  const { host, origin } = new URL(publicUrl);
  return [
    `${host} wants you to sign in with your Ethereum account:`,
    // In any letter case, as everywhere.
    getAddress(account.toLowerCase()),
    "",
    STATEMENT,
    "",
    `URI: ${origin}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${new Date(now).toISOString()}`,
    `Expiration Time: ${new Date(expiresAt).toISOString()}`,
  ].join("\n");
}

/** What a message says that is for this place and this time. */
export interface SignInStatement {
  /** With its checksum. */
  account: string;
  nonce: string;
}

/**
 * Reads a message by the grammar of ERC-4361, and checks that it is for this platform, this chain and now: a message that
 * somebody was made to sign for another site opens nothing here.
 *
 * @throws BropError `request.invalid` naming what is wrong
 */
export function readSignInMessage(text: string, place: Place, now: number): SignInStatement {
  const message = parse(text);
  const { protocol, host, origin } = new URL(place.publicUrl);
  if (message.scheme !== undefined && `${message.scheme}:` !== protocol) throw invalid(`its scheme is not ${protocol}`);
  if (message.domain !== host) throw invalid(`its domain is not ${host}`);
  if (!URL.canParse(message.uri) || new URL(message.uri).origin !== origin)
    throw invalid(`its URI is not of ${origin}`);
  if (message.version !== "1") throw invalid("its version is not 1");
  if (message.chainId !== place.chainId) throw invalid(`its chain is not ${place.chainId}`);
  if (timeOf("Issued At", message.issuedAt) > now + CLOCK_SKEW) throw invalid("it was issued in the future");
  if (message.notBefore !== undefined && timeOf("Not Before", message.notBefore) > now + CLOCK_SKEW) {
    throw invalid("its time has not come yet");
  }
  if (message.expirationTime !== undefined && timeOf("Expiration Time", message.expirationTime) <= now - CLOCK_SKEW) {
    throw invalid("it has expired");
  }
  return { account: message.address, nonce: message.nonce };
}

function parse(text: string): ParsedMessage {
  try {
    return new ParsedMessage(text);
  } catch (error) {
    throw new BropError("request.invalid", { field: "message", reason: "it is not a message of ERC-4361" }, undefined, {
      cause: error,
    });
  }
}

/** The grammar lets days through that no calendar has. */
function timeOf(name: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`its ${name} is no time`);
  return time;
}

function invalid(reason: string): BropError {
  return new BropError("request.invalid", { field: "message", reason });
}
