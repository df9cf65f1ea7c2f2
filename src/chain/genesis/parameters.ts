/** What a consortium decides before its first block. */
export interface GenesisParameters {
  chainId: number;
  /** The operator's key: deploys contracts, admits partners. */
  operator: string;
  /** Bookkeepers' seats in Council. */
  seats: readonly string[];
  /** The operator's first relays (bundlers). */
  relays: readonly string[];
  /** Which node of which seat seals blocks from the first one on; without this each seat's own address is its node. */
  validators?: readonly Validator[];
  /** Further admission parties; the operator is the first. */
  admissionParties?: readonly string[];
  /** Authorities that file orders. */
  regulators?: readonly string[];
  /** Blocks between a proposal's agreement and its execution, and its lifetime. */
  council?: { delayBlocks: number; lifetimeBlocks: number };
  /** Direct transactions a period of `periodBlocks`, by kind of sender. */
  allowances?: { operator: number; seat: number; relay: number; periodBlocks: number };
}

/** A node that seals blocks, and the seat that runs it. */
export interface Validator {
  seat: string;
  /** Address of the node's key. */
  node: string;
}

/** A quota class; points, and blocks of a period. */
export interface QuotaClass {
  ceiling: number;
  grant: number;
  initial: number;
  periodBlocks: number;
}

/** One minute of 3-second blocks. */
const MINUTE = 20;

/**
 * First quota classes (QU-3): 1 to 6 are the certification levels' own, from 16 on the operator assigns them.
 * A single record costs about 1,100 points. Council changes them.
 */
export const QUOTA_CLASSES: Readonly<Record<number, QuotaClass>> = {
  1: { ceiling: 20_000, grant: 1_000, initial: 10_000, periodBlocks: MINUTE },
  2: { ceiling: 20_000, grant: 1_000, initial: 10_000, periodBlocks: MINUTE },
  3: { ceiling: 50_000, grant: 2_000, initial: 10_000, periodBlocks: MINUTE },
  4: { ceiling: 100_000, grant: 5_000, initial: 20_000, periodBlocks: MINUTE },
  5: { ceiling: 500_000, grant: 20_000, initial: 100_000, periodBlocks: MINUTE },
  6: { ceiling: 2_000_000, grant: 100_000, initial: 500_000, periodBlocks: MINUTE },
  16: { ceiling: 50_000_000, grant: 5_000_000, initial: 25_000_000, periodBlocks: MINUTE },
  17: { ceiling: 200_000_000_000, grant: 20_000_000_000, initial: 100_000_000_000, periodBlocks: MINUTE },
};

/** Points per byte of an operation's call data (QU-1). */
export const BYTE_PRICE = 1;

/** Roles in the AccessManager; `contracts/types/Roles.sol`. */
export const ROLES = { operator: 1n, admission: 2n, regulator: 3n } as const;

export const COUNCIL_TERMS = { delayBlocks: 20, lifetimeBlocks: 201_600 };

export const SENDER_ALLOWANCES = { operator: 100_000, seat: 1_000, relay: 1_000_000, periodBlocks: 1_200 };
