import { concat, keccak256 } from "ethers";
import { word } from "../../core/hex.ts";

/**
 * EntryPoint 0.8 lays out storage in the order of its bases: slot 0 is StakeManager's `deposits`, slot 1 NonceManager's
 * `mapping(address => mapping(uint192 => uint256)) nonceSequenceNumber`.
 */
const NONCE_SLOT = 1n;

/**
 * Slot of EntryPoint's storage that counts the operations of an account under a nonce key: 0 until the key is used.
 * @param key the nonce's upper 192 bits
 * @returns 32 bytes as `0x...`
 */
export function nonceSlot(sender: string, key: bigint): string {
  const account = `0x${sender.slice(2).toLowerCase().padStart(64, "0")}`;
  const ofAccount = keccak256(concat([account, `0x${word(NONCE_SLOT)}`]));
  return keccak256(concat([`0x${word(key)}`, ofAccount]));
}
