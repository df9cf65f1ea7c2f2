import {
  AbstractSigner,
  getAddress,
  type Provider,
  resolveAddress,
  resolveProperties,
  type TransactionRequest,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";
import { BropError } from "../core/errors.ts";
import { type Call, encodeExecute } from "../core/execution.ts";
import { decodeSerial, encodeSerial, MAX_DEADLINE_DISTANCE } from "../core/serial.ts";
import { ENTRY_POINT, toRpc, type UserOperation, userOperationHash } from "../core/user-operation.ts";
import { bropErrorFrom, operationReverted } from "./errors.ts";
import { signNestedMessage, signNestedTypedData } from "./nested-signature.ts";
import type { OperationProvider } from "./operation-provider.ts";
import { OperationResponse } from "./operation-response.ts";
import { dummySignatureOf, type Owner, signOperation } from "./owner.ts";

/** How an operation is made. */
export interface OperationOptions {
  /** Blocks from now until it can no longer be included; 200 by default, ten minutes of 3-second blocks. */
  deadlineBlocks?: number;
  /** Gas of the calls; estimated by default, as are the two others. */
  callGasLimit?: bigint;
  verificationGasLimit?: bigint;
  preVerificationGas?: bigint;
}

/** A call to make: contract and call data. There is no currency, so no value. */
export interface AccountCall {
  to: string;
  data: string;
}

const DEADLINE_BLOCKS = 200;

/**
 * A smart account as an ethers signer: what contracts send through it becomes a user operation with a random serial
 * and a deadline (CH-5), signed with the owner's key.
 *
 * @example
 * const account = brop.account(address, ownerWallet);
 * const response = await brop.contracts.records.connect(account).record(createRecordInput({ digest }));
 * const receipt = await response.wait();
 */
export class Account extends AbstractSigner<OperationProvider> {
  readonly address: string;
  readonly owner: Owner;
  readonly #options: OperationOptions;

  /** @throws BropError `request.invalid` for an address that is none */
  constructor(provider: OperationProvider, address: string, owner: Owner, options: OperationOptions = {}) {
    super(provider);
    try {
      this.address = getAddress(address);
    } catch {
      throw new BropError("request.invalid", { field: "address", reason: "must be an address", value: address });
    }
    this.owner = owner;
    this.#options = options;
  }

  async getAddress(): Promise<string> {
    return this.address;
  }

  connect(provider: Provider | null): Account {
    if (provider === this.provider) return this;
    throw new BropError("request.invalid", {
      field: "provider",
      reason: "an account belongs to its network: take it from brop.account()",
    });
  }

  /**
   * Sends one call as a user operation.
   * @returns a response whose `wait()` ends definitely
   * @throws BropError `operation.reverted` with the contract's reason, `quota.exhausted`, and others of the table
   */
  override async sendTransaction(transaction: TransactionRequest): Promise<OperationResponse> {
    return this.sendCalls([await this.#callOf(transaction)], gasOf(transaction));
  }

  /** Makes several calls in one operation, all or none, in order (ERC-7821). */
  async sendCalls(calls: readonly AccountCall[], options: OperationOptions = {}): Promise<OperationResponse> {
    const { operation, head } = await this.#sign(calls, options);
    return this.#send(operation, head);
  }

  /** Signs calls as a user operation without sending it. It can be sent any time before its deadline, by anybody. */
  async signCalls(calls: readonly AccountCall[], options: OperationOptions = {}): Promise<UserOperation> {
    return (await this.#sign(calls, options)).operation;
  }

  /**
   * Sends a signed operation; sending it again, or through several access nodes, is harmless.
   * @throws BropError why it is refused
   */
  async sendOperation(operation: UserOperation): Promise<OperationResponse> {
    // Somebody may have sent it before: it is looked for in all blocks that it could be in.
    return this.#send(operation, Math.max(-1, deadlineOf(operation) - MAX_DEADLINE_DISTANCE - 1));
  }

  async #sign(
    calls: readonly AccountCall[],
    options: OperationOptions,
  ): Promise<{ operation: UserOperation; head: number }> {
    if (calls.length === 0) throw new BropError("request.invalid", { field: "calls", reason: "there are none" });
    const all = { ...this.#options, ...options };
    const callData = encodeExecute(calls.map(({ to, data }): Call => ({ target: to, data })));
    const head = await this.provider.transport.head();
    const draft: UserOperation = {
      sender: this.address,
      nonce: encodeSerial({ deadlineBlock: head + (all.deadlineBlocks ?? DEADLINE_BLOCKS) }),
      callData,
      callGasLimit: 0n,
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      signature: dummySignatureOf(this.owner),
    };
    const operation = { ...draft, ...(await this.#gas(draft, all)) };
    const { signature } = await signOperation(this.owner, operation, this.#chainId);
    return { operation: { ...operation, signature }, head };
  }

  /** @param from height of the chain before the operation can have been sent */
  async #send(operation: UserOperation, from: number): Promise<OperationResponse> {
    const { provider } = this;
    const deadlineBlock = deadlineOf(operation);
    const hash = userOperationHash(operation, ENTRY_POINT, this.#chainId);
    const isNew = provider.follower.end(hash) === undefined;
    const { sender, nonce } = operation;
    const sent = toRpc(operation);
    provider.follower.follow({ hash, sender, nonce, deadlineBlock, sentAfterBlock: from }, sent);
    const response = new OperationResponse(provider, { hash, operation, deadlineBlock });
    provider.remember(response);
    try {
      await provider.transport.send(hash, sent);
    } catch (error) {
      const { code } = error as BropError;
      const mayBeOurs = code === "operation.serial-used" || code === "operation.duplicate";
      // A serial is random: one that is used was used by this very operation, through an access node that gave no answer.
      if (mayBeOurs && (await provider.follower.isIncluded(hash))) return response;
      if (isNew) provider.follower.forget(hash);
      throw error;
    }
    return response;
  }

  /** For `hashMessage(message)`, accepted by the account's `isValidSignature` (ERC-1271, ERC-7739). */
  async signMessage(message: string | Uint8Array): Promise<string> {
    return signNestedMessage(this.owner, this.#domain, message);
  }

  /** For the data's EIP-712 hash, accepted by the account's `isValidSignature` (ERC-1271, ERC-7739). */
  async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    // biome-ignore lint/suspicious/noExplicitAny: ethers' own type of typed data
    value: Record<string, any>,
  ): Promise<string> {
    return signNestedTypedData(this.owner, this.#domain, domain, types, value);
  }

  async signTransaction(): Promise<string> {
    throw new BropError("request.invalid", {
      field: "transaction",
      reason: "an account signs user operations: use signCalls()",
    });
  }

  get #chainId(): bigint {
    return this.provider._network.chainId;
  }

  get #domain() {
    return { account: this.address, chainId: this.#chainId };
  }

  async #gas(draft: UserOperation, options: OperationOptions) {
    const { callGasLimit, verificationGasLimit, preVerificationGas } = options;
    if (callGasLimit !== undefined && verificationGasLimit !== undefined && preVerificationGas !== undefined) {
      return { callGasLimit, verificationGasLimit, preVerificationGas };
    }
    const estimate = await this.#estimate(draft);
    return {
      callGasLimit: callGasLimit ?? BigInt(estimate.callGasLimit),
      verificationGasLimit: verificationGasLimit ?? BigInt(estimate.verificationGasLimit),
      preVerificationGas: preVerificationGas ?? BigInt(estimate.preVerificationGas),
    };
  }

  async #estimate(
    draft: UserOperation,
  ): Promise<Record<"callGasLimit" | "verificationGasLimit" | "preVerificationGas", string>> {
    try {
      return (await this.provider.ask("eth_estimateUserOperationGas", [toRpc(draft), ENTRY_POINT])) as never;
    } catch (error) {
      const { code, details } = error as BropError;
      // The same words as for a revert that shows only on chain.
      if (code === "operation.reverted" && typeof details.revertData === "string") {
        throw operationReverted(details.revertData);
      }
      throw error;
    }
  }

  async #callOf(transaction: TransactionRequest): Promise<AccountCall> {
    const { to, from, data, value } = await resolveProperties({
      to: transaction.to ? resolveAddress(transaction.to, this.provider) : null,
      from: transaction.from ? resolveAddress(transaction.from, this.provider) : this.address,
      data: transaction.data ?? "0x",
      value: transaction.value ?? 0n,
    }).catch((error) => {
      throw bropErrorFrom(error);
    });
    if (to === null) throw new BropError("deployment.refused", { sender: this.address });
    if (getAddress(from) !== this.address) {
      throw new BropError("request.invalid", { field: "from", reason: "must be the account", value: from });
    }
    if (BigInt(value) !== 0n)
      throw new BropError("request.invalid", { field: "value", reason: "there is no currency" });
    return { to, data };
  }
}

/** @throws BropError `request.invalid` for an ordinary nonce, whose operation has no definite end */
function deadlineOf({ nonce }: UserOperation): number {
  const serial = decodeSerial(nonce);
  if (serial.tagged) return serial.deadlineBlock;
  throw new BropError("request.invalid", { field: "nonce", reason: "must be a random serial: encodeSerial()" });
}

/** A gas limit given in ethers' way is that of the call. */
function gasOf({ gasLimit }: TransactionRequest): OperationOptions {
  return gasLimit === undefined || gasLimit === null ? {} : { callGasLimit: BigInt(gasLimit) };
}
