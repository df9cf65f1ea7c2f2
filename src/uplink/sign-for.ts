import type { UserOperation } from "../core/user-operation.ts";

/**
 * Signs an operation with a key that is kept here, by a key store or Web3Signer.
 * @returns undefined for an account whose key is not here: its caller signs
 */
export type SignFor = (operation: UserOperation, hash: string) => Promise<string | undefined>;
