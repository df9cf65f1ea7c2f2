import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type DevChain, startDevChain } from "../chain/dev-chain.ts";
import { KeyStore } from "../chain/key-store.node.ts";
import type { Config } from "../config.ts";
import { BropError } from "../core/errors.ts";
import { type ChainAccess, deployContracts, hasContracts } from "./contract-deployment.ts";
import type { DataFolder } from "./data-folder.ts";
import { developmentKeys, type Participants } from "./development-keys.ts";
import { foundNetwork, type Genesis, readGenesis, requireSameParticipants } from "./genesis-file.ts";
import { publishAgreement } from "./partner-agreement.ts";
import type { Report } from "./report.ts";

/** The development network of a data folder. */
export interface DevelopmentNetwork {
  url: string;
  /** True if it was founded by this start. */
  founded: boolean;
  participants: Participants;
  stop(): Promise<void>;
}

export interface DevelopmentNetworkOptions {
  config: Config;
  folder: DataFolder;
  /** What `inspectNetwork` found. */
  known: Genesis | undefined;
  report: Report;
  signal: AbortSignal;
  /** Whether an index of the folder's chain exists: then its state must exist too. */
  indexed: boolean;
  /** Port of the chain's own JSON-RPC; a free one by default. */
  port?: number;
  /** Called if the chain ends without being asked to. */
  onCrash: (error: BropError) => void;
}

/**
 * Checks what a folder holds, without changing anything.
 *
 * @returns the genesis, undefined when no network was founded in it yet
 * @throws BropError `data.damaged`, `chain.wrong`, `key.insecure`
 */
export async function inspectNetwork(folder: DataFolder, chainId: number): Promise<Genesis | undefined> {
  const genesis = readGenesis(folder.genesis, chainId);
  if (genesis === undefined) {
    if (existsSync(folder.chainState)) throw lost(folder, folder.genesis);
    return undefined;
  }
  requireSameParticipants(folder.genesis, genesis, await developmentKeys(folder.keys, true));
  return genesis;
}

/**
 * Starts the development network and, the first time, founds it: keys, genesis, contracts, the agreement that partners
 * sign. A start that was cut short is gone on with.
 *
 * @throws BropError `data.damaged`, `port.taken`, `chain.unreachable`
 */
export async function startNetwork(options: DevelopmentNetworkOptions): Promise<DevelopmentNetwork> {
  const { config, folder, known, report, signal, indexed, port, onCrash } = options;
  const { chainId, blockTime } = config;
  if (known !== undefined && indexed && !existsSync(folder.chainState)) throw lost(folder, folder.chainState);
  const genesis =
    known ??
    (await report.step("Keys and contracts of block 0", async () =>
      foundNetwork(folder.genesis, chainId, await developmentKeys(folder.keys, false)),
    ));
  const chain = await report.step(`Development chain, a block every ${blockTime} s`, () => {
    mkdirSync(dirname(folder.chainState), { recursive: true });
    return startDevChain({
      ...{ genesis: genesis.allocation, chainId, blockTime, stateFile: folder.chainState, onCrash },
      ...(port === undefined ? {} : { port }),
    });
  });
  try {
    await preparePlatform(chain, options);
    const { operator, seats, relays } = genesis;
    signal.throwIfAborted();
    return {
      url: chain.url,
      founded: known === undefined,
      participants: { operator, seats, relays },
      stop: () => chain.stop(),
    };
  } catch (error) {
    await chain.stop();
    throw error;
  }
}

async function preparePlatform(chain: DevChain, { config, folder, report, signal }: DevelopmentNetworkOptions) {
  const { privateKey } = await new KeyStore(folder.keys).wallet("operator");
  const access: ChainAccess = { url: chain.url, chainId: config.chainId, operatorKey: privateKey, signal };
  if (!(await hasContracts(access))) await report.step("Contracts deployed", () => deployContracts(access));
  await publishAgreement(access, folder.documents);
}

function lost(folder: DataFolder, path: string): BropError {
  return new BropError(
    "data.damaged",
    { directory: folder.root, path, reason: "a part is missing" },
    `The data folder is damaged: ${path} is missing, but what belongs to it is there`,
  );
}
