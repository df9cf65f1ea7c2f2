import type { ContractRow } from "../../store/queries/contracts.ts";
import { toAddress, toHex } from "../format.ts";
import { address, blockNumber, described, hash, objectOf, text, whole } from "../schema.ts";

export const contractSchema = objectOf({
  name: text,
  address,
  version: described(whole, "Counts upwards with each change of the entry"),
  abiDigest: described(hash, "SHA-256 of the canonical JSON (RFC 8785) of the contract's ABI"),
  registeredBlock: blockNumber,
});

export function showContract(row: ContractRow) {
  return {
    name: row.name,
    address: toAddress(row.address),
    version: row.version,
    abiDigest: toHex(row.abi_digest),
    registeredBlock: row.from_block,
  };
}
