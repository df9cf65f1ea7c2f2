import type { Ask } from "../../src/chain/relays/relay.ts";
import type { SealedTrust } from "../../src/core/qbft/trust.ts";
import { addressesOf, type ValidatorRegistry, wordsOf } from "../../src/core/qbft/validator-set.ts";
import { contractModeBlock, recorded, recordedValidators } from "./qbft-recordings.ts";

/** Blocks in which the recorded validators changed. */
const CHANGES = [42, 47, 52];
export const RECORDED_HEAD = 57;

/** The recorded network's own contract: another event than ValidatorSet's, and no hash of the set. */
const registry: ValidatorRegistry = {
  address: "0x0000000000000000000000000000000000008888",
  topic: "0xd006134bf38414c86c68bcf132e48ecd562f20c95535bb7321b0ae17fab7b2c9",
  read: ({ topics, data }) => ({ epoch: Number(topics[1]), validators: addressesOf(wordsOf(data).slice(1)) }),
};

const trust: SealedTrust = {
  ...{ mode: "sealed", chainId: 20_260_101n, anchor: { number: 0, hash: contractModeBlock(0).hash } },
  set: { epoch: 0, changedBlock: 0, validators: recordedValidators(1) },
};

const ask: Ask = async (method, params) => {
  if (method === "eth_chainId") return "0x1352505";
  if (method === "eth_blockNumber") return `0x${RECORDED_HEAD.toString(16)}`;
  if (method === "eth_getBlockByNumber") return contractModeBlock(Number(params[0]));
  if (method === "eth_getBlockReceipts") return recorded(`contract-mode/receipts-${Number(params[0])}`);
  if (method === "eth_getProof") return recorded(`contract-mode/proof-${Number(params[2])}`);
  if (method !== "eth_getLogs") throw new Error(`No method ${method}`);
  const { address, fromBlock, toBlock } = params[0] as { address: string; fromBlock: string; toBlock: string };
  return CHANGES.filter((number) => number >= Number(fromBlock) && number <= Number(toBlock))
    .filter(() => address === registry.address)
    .map((number) => ({ blockNumber: `0x${number.toString(16)}` }));
};

/** The recorded network of real Besu nodes: what one trusts, and an access node that answers as it was recorded. */
export const recordedNetwork = { trust, registry, ask };
