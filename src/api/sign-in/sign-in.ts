import { createHash, randomBytes } from "node:crypto";
import { getAddress } from "ethers";
import type { NodeRpc } from "../../chain/rpc-client.ts";
import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import {
  endSignIn,
  findSignIn,
  forgetSignIns,
  insertSignIn,
  readSignInSecret,
  type SignInRow,
} from "../../store/queries/sign-ins/sign-ins.ts";
import type { Principal, Role } from "../access/principal.ts";
import { type Place, readSignInMessage, signInMessage } from "./message.ts";
import { makeNonce, timeOfNonce } from "./nonce.ts";
import { hashOfMessage, standingOf } from "./standing.ts";

/** How long a message may wait for its signature, in milliseconds. */
const CHALLENGE_HOLDS = 10 * 60_000;
/** How long a token holds; signing again gives another one. Longer than a challenge, so that no nonce is forgotten. */
const TOKEN_HOLDS = 15 * 60_000;
/** For how long an answer of the chain about a token is believed. */
const STANDING_HOLDS = 3_000;
const MOST_STANDINGS = 10_000;
const SECRET_BYTES = 32;
const FORM = /^bropt_[A-Za-z0-9_-]{43}$/;

export interface SignInOptions extends Place {
  db: Database;
  rpc: NodeRpc;
  clock: Clock;
}

/** Somebody who has signed in. */
export interface SignedIn {
  token: string;
  principal: Principal;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Sign-in by account signature (ERC-4361), for people and for accounts of programs. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #standings = new Map<string, { until: number; role: Promise<Role | undefined> }>();
  #secret: Promise<Uint8Array> | undefined;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** A message for an account to sign, as it is, within ten minutes. */
  async challenge(account: string): Promise<{ message: string; nonce: string; expiresAt: number }> {
    const now = this.#options.clock.now();
    const nonce = makeNonce(await this.#nonceSecret(), now);
    const expiresAt = now + CHALLENGE_HOLDS;
    return { message: signInMessage(this.#options, { account, nonce, now, expiresAt }), nonce, expiresAt };
  }

  /**
   * Exchanges a signed message for a token, once.
   *
   * @throws BropError `request.invalid` for a message that is not for this platform and now; `access.sign-in-refused` for
   * a nonce that is not from here, too old or used, and for a signature that is not the account's
   */
  async signIn(message: string, signature: string): Promise<SignedIn> {
    const { db, rpc, clock } = this.#options;
    const now = clock.now();
    const { account, nonce } = readSignInMessage(message, this.#options, now);
    const made = timeOfNonce(await this.#nonceSecret(), nonce);
    if (made === undefined) throw refused("the nonce is not from here");
    if (now - made >= CHALLENGE_HOLDS) throw refused("the nonce is too old");
    const messageHash = hashOfMessage(message);
    const role = await standingOf(rpc, { account, messageHash, signature });
    if (role === undefined) throw refused("the signature is not the account's");
    const token = `bropt_${randomBytes(SECRET_BYTES).toString("base64url")}`;
    const row: SignInRow = {
      ...{ tokenDigest: digestOf(token), account: hexToBytes(account), messageHash: hexToBytes(messageHash) },
      ...{ signature: hexToBytes(signature), expiresAt: now + TOKEN_HOLDS },
    };
    await forgetSignIns(db, now - TOKEN_HOLDS);
    if (!(await insertSignIn(db, row, nonce, now))) throw refused("the nonce was used before");
    return { token, principal: principalOf(row, role), expiresAt: row.expiresAt };
  }

  /**
   * Who a token stands for, with the role that the chain gives them now. A token ends with the signature behind it: when
   * the account's signer is changed, at once.
   *
   * @returns undefined for everything that is no token in force
   * @throws BropError `chain.unreachable`
   */
  async principal(token: string): Promise<Principal | undefined> {
    if (!FORM.test(token)) return undefined;
    const now = this.#options.clock.now();
    const row = await findSignIn(this.#options.db, digestOf(token), now);
    if (row === undefined) return undefined;
    const role = await this.#standing(row, now);
    return role === undefined ? undefined : principalOf(row, role);
  }

  /** Ends a token. @returns whether it was in force */
  async end(token: string): Promise<boolean> {
    return FORM.test(token) && endSignIn(this.#options.db, digestOf(token), this.#options.clock.now());
  }

  #standing(row: SignInRow, now: number): Promise<Role | undefined> {
    const key = bytesToHex(row.tokenDigest);
    const known = this.#standings.get(key);
    if (known !== undefined && known.until > now) return known.role;
    if (this.#standings.size >= MOST_STANDINGS) this.#standings.clear();
    const signed = {
      account: getAddress(bytesToHex(row.account)),
      messageHash: bytesToHex(row.messageHash),
      signature: bytesToHex(row.signature),
    };
    const role = standingOf(this.#options.rpc, signed);
    this.#standings.set(key, { until: now + STANDING_HOLDS, role });
    // A failure is not an answer: the next request asks again.
    role.catch(() => this.#standings.delete(key));
    return role;
  }

  #nonceSecret(): Promise<Uint8Array> {
    this.#secret ??= readSignInSecret(this.#options.db, new Uint8Array(randomBytes(SECRET_BYTES))).catch(
      (error: unknown) => {
        this.#secret = undefined;
        throw error;
      },
    );
    return this.#secret;
  }
}

function principalOf({ account }: SignInRow, role: Role): Principal {
  const address = bytesToHex(account);
  return { id: `account:${address}`, role, account: address, scopes: ["*"] };
}

function digestOf(token: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(token).digest());
}

function refused(reason: string): BropError {
  return new BropError("access.sign-in-refused", { reason });
}
