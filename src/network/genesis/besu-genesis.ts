import { encodeRlp } from "ethers";
import type { GenesisAllocation } from "../../chain/dev-chain.ts";
import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";

/** What a Besu genesis file is made of. */
export interface BesuGenesisInputs {
  chainId: number;
  blockGasLimit: number;
  /** Seconds since 1970 of block 0. */
  timestamp: number;
  allocation: GenesisAllocation;
}

const BLOCK_SECONDS = 3;
const REQUEST_TIMEOUT_SECONDS = 2 * BLOCK_SECONDS;
/** Besu's mark of a chain whose blocks are sealed by QBFT. */
const QBFT_MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
const CODE_SIZE_LIMIT = 65_536;

/**
 * The genesis file for Besu: QBFT with a block every three seconds, no fees, every fork up to Osaka from block 0, and the
 * validators that `ValidatorSet` names.
 */
export function besuGenesis({ chainId, blockGasLimit, timestamp, allocation }: BesuGenesisInputs) {
  return {
    config: {
      chainId,
      londonBlock: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      osakaTime: 0,
      zeroBaseFee: true,
      contractSizeLimit: CODE_SIZE_LIMIT,
      qbft: {
        blockperiodseconds: BLOCK_SECONDS,
        epochlength: 30_000,
        requesttimeoutseconds: REQUEST_TIMEOUT_SECONDS,
        validatorcontractaddress: SYSTEM_ADDRESSES.ValidatorSet,
      },
    },
    nonce: "0x0",
    timestamp: hex(timestamp),
    gasLimit: hex(blockGasLimit),
    difficulty: "0x1",
    mixHash: QBFT_MIX_HASH,
    coinbase: `0x${"0".repeat(40)}`,
    extraData: contractModeExtraData(),
    alloc: Object.fromEntries(
      Object.entries(allocation).map(([address, { balance = "0x0", nonce = "0x0", code, storage }]) => [
        address.slice(2).toLowerCase(),
        { balance, nonce, ...(code === undefined ? {} : { code }), ...(storage === undefined ? {} : { storage }) },
      ]),
    ),
  };
}

/** Where a contract names the validators the header has none: vanity, no validators, no vote, round 0, no seals. */
function contractModeExtraData(): string {
  return encodeRlp([`0x${"0".repeat(64)}`, [], [], "0x", []]);
}

const hex = (value: number) => `0x${value.toString(16)}`;
