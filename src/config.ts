import { BropError } from "./core/errors.ts";
import { type KeySource, readKeySource } from "./core/key-source.ts";
import { HOSTING_SETTINGS, type HostingConfig } from "./settings/hosting-settings.ts";
import {
  address,
  givenValue,
  networks,
  objectIdentifier,
  oneOf,
  type Setting,
  wholeNumber,
} from "./settings/setting-values.ts";

export type { Setting } from "./settings/setting-values.ts";

/** What a process does: one part of the platform, or all of it. */
export const ROLES = ["all", "chain", "access", "indexer", "push", "uplink", "api"] as const;
export type Role = (typeof ROLES)[number];

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every setting of BROP, checked. Members that may be undefined have no default. */
export interface Config extends HostingConfig {
  data: string;
  port: number;
  host: string;
  role: Role;
  chainId: number;
  blockTime: number;
  rpcUrl: string | undefined;
  databaseUrl: string | undefined;
  operatorKey: KeySource | undefined;
  seatKey: KeySource | undefined;
  operatorConfirmation: boolean;
  relayKeys: readonly KeySource[] | undefined;
  relays: readonly string[] | undefined;
  anchorKeys: readonly KeySource[] | undefined;
  batchBlocks: number;
  trust: string | undefined;
  keyPassword: string | undefined;
  signerUrl: string | undefined;
  signerTimeout: number;
  signerCertificate: string | undefined;
  signerKey: string | undefined;
  signerAuthority: string | undefined;
  apiKey: string | undefined;
  publicUrl: string | undefined;
  trustedProxies: readonly string[] | undefined;
  anonymousRate: number;
  keyRate: number;
  tsaCertificate: string | undefined;
  tsaKey: string | undefined;
  tsaPolicy: string;
  tsaAccuracy: number;
  tsaDrift: number;
  tsaRate: number;
  timestampUrl: string | undefined;
  timestampTrust: string | undefined;
  timestampInterval: number;
  drainDelay: number;
  privateReceivers: boolean | undefined;
  logLevel: LogLevel;
  log: "file" | "stdout";
  besuHome: string | undefined;
}

type Settings = { readonly [Name in keyof Config]: Setting<Exclude<Config[Name], undefined>> };

/** Options of the command line by the name of their setting, as typed. */
export type Flags = { readonly [Name in keyof Config]?: string | undefined };

/** The one table of settings: environment variables, options and defaults. */
export const SETTINGS: Settings = {
  data: {
    environment: "BROP_DATA",
    flag: "--data",
    placeholder: "DIR",
    fallback: "./data",
    description: "Folder of the platform's data: keys, chain, database, logs",
    parse: (text) => text,
  },
  port: {
    environment: "BROP_PORT",
    flag: "--port",
    placeholder: "N",
    fallback: "8420",
    description: "TCP port of site, API and JSON-RPC; 0 takes a free one",
    parse: wholeNumber(0, 65_535),
  },
  host: {
    environment: "BROP_HOST",
    flag: "--host",
    placeholder: "ADDRESS",
    fallback: "127.0.0.1",
    description: "Address to listen on; put a reverse proxy with TLS in front before you open it to others",
    parse: (text) => text,
  },
  role: {
    environment: "BROP_ROLE",
    flag: "--role",
    placeholder: "ROLE",
    fallback: "all",
    description: `Part of the platform that this process is: ${ROLES.join(", ")}`,
    parse: oneOf(ROLES),
  },
  chainId: {
    environment: "BROP_CHAIN_ID",
    flag: "--chain-id",
    placeholder: "N",
    fallback: "8420",
    description: "Chain id of the network; a data folder belongs to one",
    parse: wholeNumber(1, 4_294_967_295),
  },
  blockTime: {
    environment: "BROP_BLOCK_TIME",
    flag: "--block-time",
    placeholder: "SECONDS",
    fallback: "3",
    description: "Time between two blocks of the development chain",
    parse: wholeNumber(1, 3_600),
  },
  rpcUrl: {
    environment: "BROP_RPC_URL",
    flag: "--rpc",
    placeholder: "URL",
    description: "JSON-RPC of a network's node; without it the platform runs a development chain of its own",
    parse: address(["http:", "https:"]),
  },
  databaseUrl: {
    environment: "DATABASE_URL",
    placeholder: "URL",
    description: "PostgreSQL server; without it the embedded database in the data folder is used",
    secret: true,
    parse: address(["postgres:", "postgresql:"]),
  },
  operatorKey: {
    environment: "BROP_OPERATOR_KEY",
    placeholder: "KEY",
    description:
      "Operator's key: its private key, or address or public key of a key at Web3Signer, or pkcs11: address (RFC 7512) of a key in a token; without it the key `operator` of the data folder",
    secret: true,
    parse: readKeySource,
  },
  seatKey: {
    environment: "BROP_SEAT_KEY",
    placeholder: "KEY",
    description: "Key of a seat in Council, as the operator's; with it the operator API makes proposals",
    secret: true,
    parse: readKeySource,
  },
  operatorConfirmation: {
    environment: "BROP_OPERATOR_CONFIRMATION",
    placeholder: "yes|no",
    fallback: "no",
    description:
      "Whether each act of the operator API has to be confirmed with another person's API key before it is signed",
    parse: (text) => oneOf(["yes", "no"])(text) === "yes",
  },
  relayKeys: {
    environment: "BROP_RELAY_KEYS",
    placeholder: "KEY,...",
    description:
      "Keys of the access node's relays, with commas between them, each as the operator's; without it the key `relay-1` of the data folder",
    secret: true,
    parse: (text) => text.split(",").map((part) => readKeySource(part.trim())),
  },
  relays: {
    environment: "BROP_RELAYS",
    placeholder: "URL,...",
    description:
      "JSON-RPC of the access nodes that the uplink hands operations to, with commas between them; without it the access node of the same process",
    // They may hold a password.
    secret: true,
    parse: (text) => text.split(",").map((part) => address(["http:", "https:"])(part.trim())),
  },
  anchorKeys: {
    environment: "BROP_ANCHOR_KEYS",
    placeholder: "KEY,...",
    description: "Keys, as the operator's, that sign anchors of batches for accounts whose signers they are",
    secret: true,
    parse: (text) => text.split(",").map((part) => readKeySource(part.trim())),
  },
  batchBlocks: {
    environment: "BROP_BATCH_BLOCKS",
    placeholder: "BLOCKS",
    fallback: "5",
    description: "Blocks for which an account's records gather before they are anchored as one batch",
    parse: wholeNumber(1, 28_800),
  },
  trust: {
    environment: "BROP_TRUST",
    placeholder: "FILE",
    description:
      "The network's genesis file, or a checkpoint: with it the uplink believes ends of operations only when they are proven, and no node's word; without it the node is trusted",
    parse: (text) => text,
  },
  keyPassword: {
    environment: "BROP_KEY_PASSWORD",
    placeholder: "PASSWORD",
    description: "Password of the encrypted keys in the data folder",
    secret: true,
    parse: (text) => text,
  },
  signerUrl: {
    environment: "BROP_WEB3SIGNER",
    placeholder: "URL",
    description: "Web3Signer (eth1 mode) that keeps the keys which are named by address or public key",
    // It may hold a password of a proxy before the service.
    secret: true,
    parse: address(["http:", "https:"]),
  },
  signerTimeout: {
    environment: "BROP_WEB3SIGNER_TIMEOUT",
    placeholder: "SECONDS",
    fallback: "10",
    description: "Longest wait for one answer of Web3Signer",
    parse: wholeNumber(1, 600),
  },
  signerCertificate: {
    environment: "BROP_WEB3SIGNER_CERTIFICATE",
    placeholder: "FILE",
    description: "Client certificate (PEM) by which Web3Signer knows this process",
    parse: (text) => text,
  },
  signerKey: {
    environment: "BROP_WEB3SIGNER_CERTIFICATE_KEY",
    placeholder: "FILE",
    description: "Private key (PEM) of the client certificate",
    parse: (text) => text,
  },
  signerAuthority: {
    environment: "BROP_WEB3SIGNER_AUTHORITY",
    placeholder: "FILE",
    description:
      "Certificate (PEM) of the authority that Web3Signer's own is from; without it the system's authorities",
    parse: (text) => text,
  },
  apiKey: {
    environment: "BROP_API_KEY",
    placeholder: "KEY",
    description: "API key of the command line; without it the operator's first key in the data folder",
    secret: true,
    parse: (text) => text,
  },
  publicUrl: {
    environment: "BROP_PUBLIC_URL",
    placeholder: "URL",
    description:
      "Address under which others reach the platform, for sign-in messages; without it the one that it listens on",
    parse: address(["http:", "https:"]),
  },
  trustedProxies: {
    environment: "BROP_TRUSTED_PROXIES",
    placeholder: "ADDRESSES",
    description: "Addresses or networks of proxies whose `X-Forwarded-For` is believed, with commas between them",
    parse: networks,
  },
  anonymousRate: {
    environment: "BROP_RATE_ANONYMOUS",
    placeholder: "N",
    fallback: "3000",
    description: "Requests to /v1 a minute from one address (IPv6: one /64) without a key; 0: no limit",
    parse: wholeNumber(0, 10_000_000),
  },
  keyRate: {
    environment: "BROP_RATE_KEY",
    placeholder: "N",
    fallback: "12000",
    description: "Requests to /v1 a minute with one API key or from one signed-in account; 0: no limit",
    parse: wholeNumber(0, 10_000_000),
  },
  tsaCertificate: {
    environment: "BROP_TSA_CERTIFICATE",
    placeholder: "FILE",
    description:
      "Certificate (PEM) of the platform's own time-stamping authority, then those above it; without it only a development platform has one",
    parse: (text) => text,
  },
  tsaKey: {
    environment: "BROP_TSA_KEY",
    placeholder: "KEY",
    description: "Private key of that certificate: a PEM file, or the `pkcs11:` address of a key in a token",
    parse: (text) => text,
  },
  tsaPolicy: {
    environment: "BROP_TSA_POLICY",
    placeholder: "OID",
    fallback: "1.3.6.1.4.1.32473.8420",
    description: "Object identifier of the policy that the authority's tokens follow; the default is for examples only",
    parse: objectIdentifier,
  },
  tsaAccuracy: {
    environment: "BROP_TSA_ACCURACY",
    placeholder: "MILLISECONDS",
    fallback: "1000",
    description: "How far from the true time a token's time is at most: what the operator vouches for",
    parse: wholeNumber(1, 3_600_000),
  },
  tsaDrift: {
    environment: "BROP_TSA_DRIFT",
    placeholder: "SECONDS",
    fallback: "5",
    description: "Difference between clock and chain from which the authority gives no tokens",
    parse: wholeNumber(1, 3_600),
  },
  tsaRate: {
    environment: "BROP_TSA_RATE",
    placeholder: "N",
    fallback: "3000",
    description: "Requests to /tsa a minute from one address (IPv6: one /64); 0: no limit",
    parse: wholeNumber(0, 10_000_000),
  },
  timestampUrl: {
    environment: "BROP_TIMESTAMP_URL",
    placeholder: "URL",
    description:
      "Outside time-stamping authority (RFC 3161) for records and blocks; without it the platform's own stamps records",
    // It may hold a password.
    secret: true,
    parse: address(["http:", "https:"]),
  },
  timestampTrust: {
    environment: "BROP_TIMESTAMP_TRUST",
    placeholder: "FILE",
    description: "Certificates (PEM) that are trusted for the outside authority's tokens: its own, or of one above it",
    parse: (text) => text,
  },
  timestampInterval: {
    environment: "BROP_TIMESTAMP_INTERVAL",
    placeholder: "SECONDS",
    fallback: "3600",
    description: "How often the outside authority stamps a block; 0: never",
    parse: wholeNumber(0, 31_536_000),
  },
  drainDelay: {
    environment: "BROP_DRAIN_DELAY",
    placeholder: "SECONDS",
    fallback: "0",
    description:
      "How long a process that stops still answers, with /readyz saying 503, so that a load balancer notices",
    parse: wholeNumber(0, 300),
  },
  privateReceivers: {
    environment: "BROP_PRIVATE_RECEIVERS",
    placeholder: "yes|no",
    description: "Whether webhooks may go to private addresses and without TLS; without it only on a development chain",
    parse: (text) => oneOf(["yes", "no"])(text) === "yes",
  },
  ...HOSTING_SETTINGS,
  logLevel: {
    environment: "LOG_LEVEL",
    placeholder: "LEVEL",
    fallback: "info",
    description: `Least important lines that are logged: ${LOG_LEVELS.join(", ")}`,
    parse: oneOf(LOG_LEVELS),
  },
  log: {
    environment: "BROP_LOG",
    flag: "--log",
    placeholder: "WHERE",
    fallback: "file",
    description: "Where the log goes as JSON lines: `file` is logs/brop.log in the data folder, or `stdout`",
    parse: oneOf(["file", "stdout"]),
  },
  besuHome: {
    environment: "BESU_HOME",
    placeholder: "DIR",
    description: "Folder of Besu for `brop network`; without it `besu` on the search path for programs",
    parse: (text) => text,
  },
};

/**
 * Reads every setting: the option if it is given, else the environment variable, else for a secret the file that the
 * variable with `_FILE` names, else the default. An empty variable counts as not given.
 *
 * @throws BropError `configuration.invalid` naming the option or variable
 */
export function readConfig(flags: Flags = {}, environment: NodeJS.ProcessEnv = process.env): Config {
  const names = Object.keys(SETTINGS) as (keyof Config)[];
  return Object.fromEntries(names.map((name) => [name, read(name, flags, environment)])) as unknown as Config;
}

/** Environment for a child process: this one's, with changes. */
export const childEnvironment = (changes: Readonly<Record<string, string>>) => ({ ...process.env, ...changes });

function read(name: keyof Config, flags: Flags, environment: NodeJS.ProcessEnv): unknown {
  const setting: Setting<unknown> = SETTINGS[name];
  const flag = flags[name];
  const text = flag ?? givenValue(setting, environment);
  if (text === undefined) return undefined;
  try {
    return setting.parse(text);
  } catch (error) {
    const source = flag === undefined ? setting.environment : (setting.flag ?? name);
    const shown = setting.secret ? {} : { value: text };
    throw new BropError("configuration.invalid", { setting: source, ...shown, reason: (error as Error).message });
  }
}
