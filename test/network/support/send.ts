import type { HDNodeWallet, TransactionLike, Wallet } from "ethers";
import type { LiveNode } from "./live-network.ts";

/** Signs a transaction without fees and hands it to a node. @returns its hash */
export async function send(
  node: LiveNode,
  sender: Wallet | HDNodeWallet,
  transaction: TransactionLike,
): Promise<string> {
  const { provider } = node;
  const { chainId } = await provider.getNetwork();
  const nonce = transaction.nonce ?? (await provider.getTransactionCount(sender.address, "latest"));
  const defaults = { chainId, type: 2, gasLimit: 1_000_000, maxFeePerGas: 0, maxPriorityFeePerGas: 0 };
  const raw = await sender.signTransaction({ ...defaults, ...transaction, nonce });
  return provider.send("eth_sendRawTransaction", [raw]);
}

/** What the node says against a transaction; "accepted" where it says nothing. */
export async function refusal(
  node: LiveNode,
  sender: Wallet | HDNodeWallet,
  transaction: TransactionLike,
): Promise<string> {
  return refusalOf(send(node, sender, transaction));
}

/** What a node says against something; "accepted" where it says nothing. */
export async function refusalOf(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
  } catch (error) {
    return (error as { error?: { message: string } }).error?.message ?? String(error);
  }
  return "accepted";
}

/** Creation code of a contract of one byte. */
export const CREATION = "0x600060005360016000f3";
