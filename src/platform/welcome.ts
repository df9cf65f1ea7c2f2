import { join, relative } from "node:path";
import colours from "picocolors";
import { type Config, SETTINGS } from "../config.ts";
import type { Platform } from "./platform.ts";
import type { Output } from "./report.ts";

/** What a program that started the platform wants to know. */
export interface ReadyLine {
  event: "ready";
  url: string;
  /** JSON-RPC of the access node; undefined when this process runs none. */
  rpc?: string;
  chainId: number;
  data: string;
  parts: string[];
  pid: number;
  /** True on the first start of a development network. */
  founded: boolean;
  /** Contracts by their name in Directory. */
  addresses: Record<string, string>;
  /** Keys of the development network by their name in the data folder. */
  keys: Record<string, string>;
}

export function readyLine(platform: Platform, addresses: Record<string, string>): ReadyLine {
  const { url, parts, chainId, data, network } = platform;
  return {
    event: "ready",
    url,
    ...(parts.has("access") ? { rpc: `${url}/rpc` } : {}),
    chainId,
    data,
    parts: [...parts],
    pid: process.pid,
    founded: network?.founded ?? false,
    addresses,
    keys: keysOf(platform),
  };
}

/** Addresses and what to do next, for people. */
export function printWelcome(
  platform: Platform,
  config: Config,
  addresses: Record<string, string>,
  output: Output,
): void {
  const paint = colours.createColors(output.isTTY === true && colours.isColorSupported);
  const lines = [
    "",
    paint.bold("Contracts"),
    ...table(Object.entries(addresses)),
    ...(platform.network === undefined ? [] : ["", paint.bold("Keys"), ...table(Object.entries(keysOf(platform)))]),
    "",
    `${paint.bold(paint.green("BROP runs"))} at ${paint.cyan(platform.url)}, chain ${platform.chainId}, data in ${shortest(platform.data)}`,
    ...table(nextSteps(platform, config), paint.cyan),
    "",
  ];
  output.write(`${lines.join("\n")}\n`);
}

function nextSteps({ url, parts, data }: Platform, config: Config): [string, string][] {
  const stop: [string, string] = ["Ctrl-C", "stops it; the next start goes on here"];
  if (!parts.has("access") || !parts.has("api")) return [stop];
  const rpc = String(config.port) === SETTINGS.port.fallback ? [] : ["--rpc", url];
  const keys = config.data === SETTINGS.data.fallback ? [] : ["--keys", shortest(join(data, "keys"))];
  const demo = ["npm run demo", ...withDashes([...rpc, ...keys])].join(" ");
  return [
    [url, "open the site"],
    [demo, "watch the main job, in a second shell"],
    [["npm run brop -- status", ...rpc].join(" "), "look at the platform from the command line"],
    stop,
  ];
}

/** npm passes on what stands behind two dashes. */
function withDashes(options: string[]): string[] {
  return options.length === 0 ? [] : ["--", ...options];
}

function keysOf({ network }: Platform): Record<string, string> {
  if (network === undefined) return {};
  const { operator, seats, relays } = network.participants;
  const numbered = (name: string, list: readonly string[]) => list.map((each, index) => [`${name}-${index + 1}`, each]);
  return Object.fromEntries([["operator", operator], ...numbered("seat", seats), ...numbered("relay", relays)]);
}

function table(rows: [string, string][], paint = (text: string) => text): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${paint(name.padEnd(width))}  ${value}`);
}

function shortest(path: string): string {
  const below = relative(process.cwd(), path);
  return below !== "" && !below.startsWith("..") ? `./${below}` : path;
}
