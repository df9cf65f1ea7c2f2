import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { JsonRpcProvider, Wallet } from "ethers";
import { isDeployed } from "../../scripts/deployment/deploy.ts";
import { childEnvironment } from "../config.ts";
import { BropError } from "../core/errors.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MOST_OUTPUT = 10_000_000;

export interface ChainAccess {
  /** JSON-RPC of a node. */
  url: string;
  chainId: number;
  /** The operator's private key. */
  operatorKey: string;
  signal: AbortSignal;
}

/** Whether the chain has every contract of this version, listed and with prices. */
export async function hasContracts(chain: ChainAccess): Promise<boolean> {
  return withOperator(chain, isDeployed);
}

/**
 * Deploys what is missing by the Hardhat script that operators use as well. It goes on where an interrupted run stopped.
 *
 * @throws BropError `service.internal` with the script's words as its cause
 */
export async function deployContracts({ url, operatorKey, signal }: ChainAccess): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("hardhat/package.json");
  const hardhat = join(dirname(manifest), "dist", "src", "cli.js");
  const script = ["run", "--no-compile", "scripts/deploy.ts", "--network", "development"];
  const secrets = { BROP_RPC_URL: url, BROP_OPERATOR_KEY: operatorKey, HARDHAT_DISABLE_TELEMETRY: "true" };
  try {
    await promisify(execFile)(process.execPath, [hardhat, ...script], {
      cwd: ROOT,
      env: childEnvironment(secrets),
      maxBuffer: MOST_OUTPUT,
      signal,
    });
  } catch (cause) {
    const { stderr = "" } = cause as { stderr?: string };
    const reason = stderr.trim().split("\n")[0] ?? "";
    throw new BropError("service.internal", { reason }, `The contracts could not be deployed: ${reason}`, { cause });
  }
}

/** Runs `work` with the operator's signer. */
export async function withOperator<Result>(chain: ChainAccess, work: (operator: Wallet) => Promise<Result>) {
  const provider = new JsonRpcProvider(chain.url, chain.chainId, {
    staticNetwork: true,
    polling: true,
    cacheTimeout: -1,
  });
  provider.pollingInterval = 200;
  try {
    return await work(new Wallet(chain.operatorKey, provider));
  } finally {
    provider.destroy();
  }
}
