import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { KeyStore } from "../../chain/key-store.node.ts";
import { childEnvironment } from "../../config.ts";
import { BropError } from "../../core/errors.ts";
import { deployContracts, hasContracts } from "../../platform/contract-deployment.ts";
import { publishAgreement } from "../../platform/partner-agreement.ts";
import { takePort } from "../../platform/port.ts";
import { holderFolder } from "../package/contents.ts";
import { lastLines, nodeFolder, rpcUrl, runningProcess, type Trial } from "./trial.ts";

const PROGRAM = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const POLL_MS = 250;
const START_MS = 120_000;
const STOP_MS = 60_000;

const pidFile = ({ services }: Trial) => join(services, "services.pid");
export const servicesLog = ({ services }: Trial) => join(services, "logs", "services.log");
export const servicesProcess = (trial: Trial) => runningProcess(pidFile(trial), trial.services);

/** Where the services listen; undefined where no access node is part of the network. */
export function servicesUrl({ door }: Trial): string | undefined {
  return door.platformPort === undefined ? undefined : `http://127.0.0.1:${door.platformPort}`;
}

/** Refuses before anything is started what would end the services' start. @throws BropError `port.taken` */
export async function requirePort(trial: Trial): Promise<void> {
  const { platformPort } = trial.door;
  if (platformPort === undefined || servicesProcess(trial) !== undefined) return;
  await (await takePort("127.0.0.1", platformPort)).close();
}

/**
 * Puts the keys that were made for the operator, the seats and the relay into one folder: on a machine of one's own
 * they act from there (`--keys`).
 */
export function gatherKeys(trial: Trial): string {
  const { folder, record, services } = trial;
  const keys = join(services, "keys");
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const sources = [folder.keys, ...record.nodes.map((node) => join(nodeFolder(trial, node), holderFolder(node)))];
  for (const source of sources.filter((path) => existsSync(path))) {
    for (const name of readdirSync(source).filter((name) => name.endsWith(".json"))) {
      if (!existsSync(join(keys, name))) copyFileSync(join(source, name), join(keys, name));
    }
  }
  return keys;
}

/**
 * Deploys the platform's contracts by the Hardhat script, and publishes the agreement that partners sign.
 * @returns whether anything was missing
 * @throws BropError `key.not-found` where the operator's key is not here
 */
export async function deployPlatform(
  trial: Trial,
  password: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const { record, door, services } = trial;
  const options = password === undefined ? {} : { password };
  const { privateKey } = await new KeyStore(join(services, "keys")).wallet("operator", options);
  const chain = { url: rpcUrl(door), chainId: record.chainId, operatorKey: privateKey, signal };
  const standing = await hasContracts(chain);
  if (!standing) await deployContracts(chain);
  await publishAgreement(chain, join(services, "documents"));
  return !standing;
}

/**
 * Starts access node, indexer, site and API against the network, in a process of their own.
 * @throws BropError `service.unavailable` with their last words
 */
export async function startServices(trial: Trial, signal: AbortSignal): Promise<void> {
  if (servicesProcess(trial) !== undefined) return;
  const { record, door, services } = trial;
  const log = servicesLog(trial);
  mkdirSync(join(services, "logs"), { recursive: true });
  const output = openSync(log, "a");
  const settings = ["--rpc", rpcUrl(door), "--data", services, "--chain-id", String(record.chainId)];
  const child = spawn(process.execPath, [PROGRAM, "start", ...settings, "--port", String(door.platformPort)], {
    // By this folder it is known again, even when its number has passed on to another program.
    cwd: services,
    detached: true,
    stdio: ["ignore", output, output],
    // Even one's own node is believed only what the validators' seals prove.
    env: childEnvironment({ NO_COLOR: "1", BROP_TRUST: trial.folder.genesis }),
  });
  child.unref();
  writeFileSync(pidFile(trial), `${child.pid}\n`);
  await untilReady(trial, signal);
}

async function untilReady(trial: Trial, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(`${servicesUrl(trial)}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    );
    const ended = servicesProcess(trial) === undefined;
    if (answer?.ok && !ended) return;
    if (ended || Date.now() > deadline) {
      const log = servicesLog(trial);
      const reason = ended ? "they have ended" : `they are not ready after ${START_MS / 1000} s`;
      const words = `The services do not start: ${reason}`;
      throw new BropError("service.unavailable", { reason, log, lines: lastLines(log, 12) }, words);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Stops the services and waits until they have written everything. */
export async function stopServices(trial: Trial): Promise<void> {
  const process_ = servicesProcess(trial);
  if (process_ !== undefined) {
    process.kill(process_, "SIGTERM");
    const deadline = Date.now() + STOP_MS;
    while (servicesProcess(trial) !== undefined) {
      if (Date.now() > deadline) {
        const reason = `process ${process_} has not ended`;
        throw new BropError("service.unavailable", { reason }, `The services do not stop: ${reason}`);
      }
      await sleep(POLL_MS);
    }
  }
  rmSync(pidFile(trial), { force: true });
}
