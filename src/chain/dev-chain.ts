import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BropError } from "../core/errors.ts";
import { ChainStateFile } from "./dev-chain-state.ts";
import { RpcClient } from "./rpc-client.ts";

/** Contracts and balances that stand in block 0, by address. Storage: 32-byte slot -> 32-byte value. */
export type GenesisAllocation = Record<
  string,
  { code?: string; storage?: Record<string, string>; nonce?: string | number; balance?: string }
>;

export interface DevChainOptions {
  /** TCP port on loopback; a free one by default. */
  port?: number;
  /** Where the chain is kept between runs; by default it is forgotten. */
  stateFile?: string;
  /** Seconds between blocks. */
  blockTime?: number;
  /** Allocation of block 0, used when there is no state file yet. */
  genesis?: GenesisAllocation;
  chainId?: number;
  /** Time of block 0, seconds; a second ago by default. */
  genesisTime?: number;
  /** Called once if the chain stops without being asked to. */
  onCrash?: (error: BropError) => void;
}

export interface DevChain {
  url: string;
  port: number;
  /** True if the chain was created by this start, false if it goes on from its state file. */
  fresh: boolean;
  /** Resolves when the chain's process has ended. */
  exited: Promise<void>;
  /** Writes the state, ends the process and waits for its end. */
  stop(): Promise<void>;
}

const BLOCK_GAS_LIMIT = 2_000_000_000;
const START_TIMEOUT = 30_000;
const STOP_TIMEOUT = 10_000;

/**
 * Starts the development chain: anvil with blocks at an interval, zero fees and no account of its own.
 *
 * Anvil writes its `--state` file in place, so a kill at the wrong moment leaves half a file. Here the state is asked
 * for over RPC after new blocks and written beside the old one, then renamed: the file is always whole.
 *
 * @throws BropError `data.damaged` for an unreadable state file, `port.taken`, `chain.unreachable` if it does not start
 */
export async function startDevChain(options: DevChainOptions = {}): Promise<DevChain> {
  const { stateFile, blockTime = 3, chainId = 8420 } = options;
  const fresh = stateFile === undefined || !existsSync(stateFile);
  const scratch = scratchFolder(stateFile);
  try {
    const begin = join(scratch, "begin.json");
    if (fresh) writeFileSync(begin, genesisFile(options, chainId));
    else writeFileSync(begin, ChainStateFile.read(stateFile));
    const port = options.port ?? (await freePort());
    if (options.port !== undefined) await requireFree(port);
    const child = launch([
      ...["--host", "127.0.0.1", "--port", String(port), "--chain-id", String(chainId), "--hardfork", "osaka"],
      ...["--block-time", String(blockTime), "--accounts", "0", "--gas-limit", String(BLOCK_GAS_LIMIT)],
      ...["--gas-price", "0", "--block-base-fee-per-gas", "0", "--disable-min-priority-fee"],
      // As on the network: Osaka's cap on a transaction's gas, and Besu's larger code size.
      ...["--enable-tx-gas-limit", "--code-size-limit", "65536", "--no-request-size-limit"],
      ...["--cache-path", join(scratch, "cache"), "--quiet", fresh ? "--init" : "--load-state", begin],
    ]);
    const exited = watchExit(child);
    const rpc = new RpcClient(`http://127.0.0.1:${port}`);
    await untilReady(rpc, child, exited, stateFile);
    rmSync(begin);
    return supervise({ child, exited, rpc, port, fresh, scratch, options });
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

/** Anvil's own files. Beside the state file, so that what a kill left behind is found and removed. */
function scratchFolder(stateFile: string | undefined): string {
  if (stateFile === undefined) return mkdtempSync(join(tmpdir(), "brop-chain-"));
  const folder = `${stateFile}.scratch`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

interface Running {
  child: ChildProcess;
  exited: Promise<Exit>;
  rpc: RpcClient;
  port: number;
  fresh: boolean;
  scratch: string;
  options: DevChainOptions;
}

async function supervise({ child, exited, rpc, port, fresh, scratch, options }: Running): Promise<DevChain> {
  let stopping: Promise<void> | undefined;
  let state: ChainStateFile | undefined;
  if (options.stateFile !== undefined) {
    state = new ChainStateFile(options.stateFile, rpc);
    await state.save();
    state.follow();
  }
  const ended = exited.then((exit) => {
    state?.halt();
    rpc.close();
    rmSync(scratch, { recursive: true, force: true });
    if (stopping === undefined) options.onCrash?.(crash(exit));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      // No block after the last state that is written.
      await rpc.call("evm_setIntervalMining", [0]).catch(() => undefined);
      await state?.finish().catch(() => undefined);
      await terminate(child, ended);
    }
    await ended;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    fresh,
    exited: ended,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function terminate(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const timer = new AbortController();
  const late = sleep(STOP_TIMEOUT, "late", { signal: timer.signal }).catch(() => undefined);
  if ((await Promise.race([ended, late])) === "late") child.kill("SIGKILL");
  timer.abort();
}

// The shell ends anvil when this process is gone, even after kill -9: the pipe on its standard input closes then.
const KEEPER = `exec 3<&0
"$0" "$@" 3<&- & child=$!
trap 'kill -TERM $child' TERM INT
(cat <&3 >/dev/null; kill -KILL $child) 2>/dev/null & watcher=$!
wait $child; status=$?
while kill -0 $child 2>/dev/null; do wait $child; status=$?; done
kill $watcher 2>/dev/null
exit $status`;

function launch(args: string[]): ChildProcess {
  const anvil = anvilBinary();
  const windows = process.platform === "win32";
  const [command, all] = windows ? [anvil, args] : ["/bin/sh", ["-c", KEEPER, anvil, ...args]];
  // Detached: Ctrl-C in a terminal goes to this process, which then stops the chain in order.
  return spawn(command, all, { stdio: ["pipe", "ignore", "pipe"], detached: !windows });
}

/** Path of anvil's executable: the platform's package beside `@foundry-rs/anvil`. */
function anvilBinary(): string {
  const require = createRequire(import.meta.url);
  const name = `@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  try {
    const manifest = createRequire(require.resolve("@foundry-rs/anvil/package.json")).resolve(`${name}/package.json`);
    return join(dirname(manifest), "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
  } catch (cause) {
    throw new BropError("file.not-found", { path: name }, `anvil's package ${name} is not installed`, { cause });
  }
}

interface Exit {
  code: number | null;
  signal: string | null;
  output: string;
}

function watchExit(child: ChildProcess): Promise<Exit> {
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-4000);
  });
  // Writing to a chain that has ended must not end this process as well.
  child.stdin?.on("error", () => undefined);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, output: error.message }));
    child.once("close", (code, signal) => resolve({ code, signal, output: output.trim() }));
  });
}

async function untilReady(rpc: RpcClient, child: ChildProcess, exited: Promise<Exit>, stateFile?: string) {
  const deadline = Date.now() + START_TIMEOUT;
  let exit: Exit | undefined;
  exited.then((value) => {
    exit = value;
  });
  while (exit === undefined && Date.now() < deadline) {
    try {
      await rpc.call("eth_chainId");
      return;
    } catch {
      await sleep(30);
    }
  }
  rpc.close();
  if (exit === undefined) child.kill("SIGKILL");
  const { output } = exit ?? { output: "it did not answer in time" };
  if (/address already in use/i.test(output))
    throw new BropError("port.taken", { port: Number(new URL(rpc.url).port) });
  if (stateFile !== undefined && /--load-state/.test(output)) throw ChainStateFile.damaged(stateFile, output);
  throw new BropError("chain.unreachable", { reason: output }, "The development chain did not start");
}

function crash({ code, signal, output }: Exit): BropError {
  const reason = [`exit ${signal ?? code}`, output].filter((part) => part !== "").join(": ");
  return new BropError("chain.unreachable", { reason }, `The development chain stopped by itself (${reason})`);
}

function genesisFile({ genesis = {}, genesisTime }: DevChainOptions, chainId: number): string {
  const alloc: Record<string, unknown> = {};
  for (const [address, { balance = "0x0", nonce = 0, ...account }] of Object.entries(genesis)) {
    const number = typeof nonce === "number" ? `0x${nonce.toString(16)}` : nonce;
    alloc[address.toLowerCase().replace(/^0x/, "")] = { balance, nonce: number, ...account };
  }
  return JSON.stringify({
    config: { chainId },
    // A second ago: earlier than the block 0 that anvil makes at any later start, see `ChainStateFile.read`.
    timestamp: `0x${(genesisTime ?? Math.floor(Date.now() / 1000) - 1).toString(16)}`,
    gasLimit: `0x${BLOCK_GAS_LIMIT.toString(16)}`,
    difficulty: "0x0",
    baseFeePerGas: "0x0",
    alloc,
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Anvil's own words come too late: what answers on a taken port could be another chain. */
async function requireFree(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new BropError("port.taken", { port }) : BropError.from(error)),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
