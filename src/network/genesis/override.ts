import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";
import { BropError } from "../../core/errors.ts";

/** Who seals blocks without the contract being asked, and when that ends. */
export interface ValidatorOverride {
  /** First block that these validators seal: the one after the newest that there is. */
  fromBlock: number;
  validators: readonly string[];
  /** First block for which `ValidatorSet` is asked again. */
  backAt?: number;
}

/** One entry of `config.transitions.qbft` in Besu's genesis file. */
interface Transition {
  block: number;
  validatorselectionmode: "blockheader" | "contract";
  validators?: string[];
  validatorcontractaddress?: string;
}

/**
 * A genesis file whose validators are named by the file from a block on: the way out when so many validators are lost for
 * good that no block can be agreed on any more. Block 0 and its hash stay as they are. Entries of before stay, since every
 * node needs them to read the chain from the beginning.
 *
 * @param genesis the content of a node's `config/genesis.json`
 * @throws BropError `request.invalid` for what is no such file, for the same validator twice, and for blocks that are not
 * after those of the entries that are there
 */
export function withOverride(genesis: unknown, { fromBlock, validators, backAt }: ValidatorOverride): object {
  const invalid = (field: string, reason: string) => new BropError("request.invalid", { field, reason });
  const { config } = (genesis ?? {}) as { config?: { qbft?: object; transitions?: { qbft?: Transition[] } } };
  if (config?.qbft === undefined) throw invalid("FILE", "must be the genesis file of a QBFT network");
  const distinct = [...new Set(validators.map((address) => address.toLowerCase()))];
  if (distinct.length !== validators.length) throw invalid("--validator", "names a validator twice");
  const before = config.transitions?.qbft ?? [];
  const last = Math.max(0, ...before.map(({ block }) => block));
  if (fromBlock <= last)
    throw invalid("--from-block", `must be after block ${last}, of which the file says something already`);
  if (backAt !== undefined && backAt <= fromBlock) throw invalid("--back-at", "must be after --from-block");
  const entries: Transition[] = [
    { block: fromBlock, validatorselectionmode: "blockheader", validators: distinct },
    ...(backAt === undefined ? [] : [backTo(backAt)]),
  ];
  return {
    ...(genesis as object),
    config: { ...config, transitions: { ...config.transitions, qbft: [...before, ...entries] } },
  };
}

/** The same file, with `ValidatorSet` in its right again from a block on. Throws alike. */
export function withoutOverride(genesis: unknown, backAt: number): object {
  const { config } = (genesis ?? {}) as { config?: { transitions?: { qbft?: Transition[] } } };
  const before = config?.transitions?.qbft ?? [];
  const last = before.at(-1);
  const wrong = last?.validatorselectionmode !== "blockheader" || last.block >= backAt;
  if (wrong) {
    const reason = "must be after an override that the file has, and that has no end yet";
    throw new BropError("request.invalid", { field: "--back-at", reason });
  }
  return {
    ...(genesis as object),
    config: { ...config, transitions: { ...config?.transitions, qbft: [...before, backTo(backAt)] } },
  };
}

const backTo = (block: number): Transition => ({
  ...{ block, validatorselectionmode: "contract", validatorcontractaddress: SYSTEM_ADDRESSES.ValidatorSet },
});
