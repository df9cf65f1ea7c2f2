import { AbiCoder, Interface, toQuantity, Wallet, ZeroAddress } from "ethers";
import { abi } from "../../generated/abi.ts";
import type { Role } from "../../src/api/access/principal.ts";
import { SignIn } from "../../src/api/sign-in/sign-in.ts";
import { type NodeRpc, NodeRpcError, type RpcRequest } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { systemClock } from "../../src/core/clock.ts";
import { BropError } from "../../src/core/errors.ts";
import type { Database } from "../../src/store/database.ts";

const PARTNERS = "0x000000000000000000000000000000000000b0b0";
const VALID = `0x1626ba7e${"0".repeat(56)}`;
const INVALID = `0xffffffff${"0".repeat(56)}`;
const ROLE_NUMBERS: Readonly<Record<string, Role>> = { 1: "operator", 3: "regulator" };

const readers = [abi.Account, abi.AccessManager, abi.Council, abi.ValidatorSet, abi.Directory, abi.Partners].map(
  (each) => new Interface(each),
);

/** A node that knows who has which role, and which accounts are contracts with which opinion of a signature. */
export class FakeNode implements NodeRpc {
  readonly roles = new Map<string, Role>();
  readonly validators: string[] = [];
  /** Accounts with code: what they answer, or undefined to revert. */
  readonly accounts = new Map<string, (hash: string, signature: string) => boolean | undefined>();
  unreachable = false;
  head = 14;
  asked = 0;

  async call<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
    const answer = this.#answer({ method, params });
    if (answer instanceof Error) throw answer;
    return answer as Result;
  }

  async batch(requests: readonly RpcRequest[]): Promise<unknown[]> {
    this.asked++;
    if (this.unreachable) throw new BropError("chain.unreachable");
    return requests.map((request) => this.#answer(request));
  }

  all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    return Promise.all(requests.map(({ method, params }) => this.call(method, params)));
  }

  close(): void {}

  #answer({ method, params = [] }: RpcRequest): unknown {
    if (method === "eth_getCode") return this.accounts.has(params[0] as string) ? "0xfe" : "0x";
    if (method === "eth_chainId") return toQuantity(CHAIN_ID);
    if (method === "eth_blockNumber") return toQuantity(this.head);
    if (method !== "eth_call") return new NodeRpcError(-32601, `the method ${method} does not exist`);
    const { to, data } = params[0] as { to: string; data: string };
    const call = readers.map((reader) => reader.parseTransaction({ data })).find((parsed) => parsed !== null);
    const encode = (type: string, value: unknown) => AbiCoder.defaultAbiCoder().encode([type], [value]);
    switch (call?.name) {
      case "isValidSignature": {
        const verdict = this.accounts.get(to)?.(call.args[0], call.args[1]);
        if (this.accounts.has(to) && verdict === undefined) return new NodeRpcError(3, "execution reverted");
        return verdict === undefined ? "0x" : verdict ? VALID : INVALID;
      }
      case "hasRole": {
        const has = this.roles.get(call.args[1]) === ROLE_NUMBERS[String(call.args[0])];
        return AbiCoder.defaultAbiCoder().encode(["bool", "uint32"], [has, 0]);
      }
      case "isSeat":
        return encode("bool", this.roles.get(call.args[0]) === "bookkeeper");
      case "getValidators":
        return encode("address[]", this.validators);
      case "addressOf":
        return encode("address", to === SYSTEM_ADDRESSES.Directory ? PARTNERS : ZeroAddress);
      case "isAdmitted":
        return encode("bool", to === PARTNERS && this.roles.get(call.args[0]) === "partner");
      default:
        return new NodeRpcError(3, "execution reverted");
    }
  }
}

export const PUBLIC_URL = "https://platform.example.org";
export const CHAIN_ID = 8420;

/** Sign-in for tests that are about something else. */
export function signInFor(db: Database, rpc: NodeRpc = new FakeNode(), clock = systemClock): SignIn {
  return new SignIn({ db, rpc, clock, chainId: CHAIN_ID, publicUrl: PUBLIC_URL });
}

/** Signs in with the key of an address. @returns the token */
export async function tokenOf(signIn: SignIn, wallet = Wallet.createRandom()): Promise<string> {
  const { message } = await signIn.challenge(wallet.address);
  return (await signIn.signIn(message, await wallet.signMessage(message))).token;
}
