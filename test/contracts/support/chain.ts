import hre, { network } from "hardhat";
import { genesisAllocation } from "../../../src/chain/genesis/allocation.node.ts";
import type { GenesisParameters } from "../../../src/chain/genesis/parameters.ts";

/** One in-process node for all test files: each test starts from a snapshot of it. */
const connection = await network.create();

export const { ethers, networkHelpers, provider } = connection;
export const CHAIN_ID = 8420;
/** Whether this run measures coverage: contracts are then larger and dearer than what is deployed. */
export const MEASURES_COVERAGE = hre.globalOptions.coverage === true;

/** Gas limit of test transactions: below the cap of a transaction (EIP-7825). */
export const TRANSACTION_GAS = 16_000_000n;

/** Puts the genesis allocation of a network onto the node, as a real network has it in block 0. */
export async function applyGenesis(parameters: GenesisParameters): Promise<void> {
  for (const [address, account] of Object.entries(await genesisAllocation(parameters))) {
    await provider.request({ method: "hardhat_setCode", params: [address, account.code] });
    await provider.request({ method: "hardhat_setNonce", params: [address, account.nonce] });
    for (const [slot, value] of Object.entries(account.storage ?? {})) {
      await provider.request({ method: "hardhat_setStorageAt", params: [address, `0x${trimmed(slot)}`, value] });
    }
  }
}

/** An ordinary address that transactions can be sent from without a key. */
export async function signerAt(address: string) {
  return ethers.getImpersonatedSigner(address);
}

export async function blockNumber(): Promise<number> {
  return ethers.provider.getBlockNumber();
}

/** Time of the last block, seconds. */
export async function now(): Promise<number> {
  return networkHelpers.time.latest();
}

/** Mines up to a block, so that the next transaction is in the block after it. */
export async function mineTo(block: number | bigint): Promise<void> {
  const missing = Number(block) - (await blockNumber());
  if (missing > 0) await networkHelpers.mine(missing);
}

// The node takes quantities for slots: no leading zeros.
function trimmed(slot: string): string {
  return BigInt(slot).toString(16);
}
