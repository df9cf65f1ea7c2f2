import type { Subscriber, Subscription, TransactionReceipt } from "ethers";
import { BropProvider } from "./provider.ts";

/**
 * The provider that an account gives to contracts, so that `wait()` of what they sent ends definitely: with a receipt
 * or with an error of the one table.
 *
 * ethers builds the response of a contract's method itself; all that it leaves to others is the provider, which it asks
 * for the receipt and whose `transaction` events it awaits. An end without success is told there as a receipt whose
 * status can not be read without the error.
 */
export class OperationProvider extends BropProvider {
  constructor(provider: BropProvider) {
    const { endpoints, _network, pollingInterval } = provider;
    super(endpoints, _network.chainId, pollingInterval, provider);
  }

  override async getTransactionReceipt(hash: string): Promise<TransactionReceipt | null> {
    const error = this.follower.endNow(hash)?.error;
    return error === undefined ? super.getTransactionReceipt(hash) : failedReceipt(error);
  }

  override _getSubscriber(subscription: Subscription): Subscriber {
    if (subscription.type !== "transaction") return super._getSubscriber(subscription);
    const end = this.follower.end(subscription.hash);
    if (end === undefined) return super._getSubscriber(subscription);
    let stopped = false;
    return {
      start: async () => {
        await end;
        if (!stopped) this.emit(subscription.hash, await this.getTransactionReceipt(subscription.hash));
      },
      stop: () => {
        stopped = true;
      },
      pause: () => undefined,
      resume: () => undefined,
    };
  }
}

function failedReceipt(error: Error): TransactionReceipt {
  const receipt = {
    confirmations: async () => Number.MAX_SAFE_INTEGER,
    get status(): number {
      throw error;
    },
  };
  return receipt as unknown as TransactionReceipt;
}
