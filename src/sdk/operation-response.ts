import { type JsonRpcProvider, Signature, type TransactionReceipt, TransactionResponse } from "ethers";
import type { UserOperation } from "../core/user-operation.ts";

const NO_SIGNATURE = Signature.from({ r: `0x${"00".repeat(32)}`, s: `0x${"00".repeat(32)}`, v: 27 });

/** A user operation that was sent, in the shape of ethers' transactions. Its hash is the operation's. */
export class OperationResponse extends TransactionResponse {
  /** As it was signed. */
  readonly operation: UserOperation;
  /** Last block in which it can be included. */
  readonly deadlineBlock: number;

  constructor(provider: JsonRpcProvider, sent: { hash: string; operation: UserOperation; deadlineBlock: number }) {
    const { hash, operation, deadlineBlock } = sent;
    super(
      {
        hash,
        from: operation.sender,
        // An operation calls its own account, which makes the calls inside.
        to: operation.sender,
        data: operation.callData,
        gasLimit: operation.callGasLimit,
        chainId: provider._network.chainId,
        type: 2,
        // The real one has 256 bits, which ethers' numbers do not hold: `operation.nonce`.
        nonce: 0,
        value: 0n,
        gasPrice: 0n,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        signature: NO_SIGNATURE,
        accessList: null,
        authorizationList: null,
        blobVersionedHashes: null,
        index: 0,
        blockNumber: null,
        blockHash: null,
      },
      provider,
    );
    this.operation = operation;
    this.deadlineBlock = deadlineBlock;
  }

  /**
   * Waits for the definite end.
   * @param timeout milliseconds after which to give up waiting (the operation goes on); never by default
   * @returns the receipt, with this operation's logs only
   * @throws BropError `operation.reverted`, `operation.expired`, `operation.displaced`
   */
  override async wait(confirms = 1, timeout?: number): Promise<TransactionReceipt> {
    const receipt = await super.wait(Math.max(1, confirms), timeout);
    return receipt as TransactionReceipt;
  }
}
