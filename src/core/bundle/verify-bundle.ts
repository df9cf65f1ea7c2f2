import { decodeBase64 } from "../base64.ts";
import { digestAlgorithmOf, digestBytes } from "../digest.ts";
import { bytesToHex } from "../hex.ts";
import type { Trust } from "../qbft/trust.ts";
import type { Bundle } from "./bundle.ts";
import { batchFacts, contractFacts, contractOf, eventFacts, type Shown } from "./claim-statements.ts";
import { checkUse, judgeBlocks } from "./judge-blocks.ts";
import { listedContracts } from "./listed-contracts.ts";
import { readBundle } from "./read-bundle.ts";
import { BundleFault, type BundleReason } from "./reasons.ts";
import { readBlocks, type ShownBlocks } from "./shown-blocks.ts";
import { certificationFacts, statusFacts } from "./state-statements.ts";
import { type TimestampTrust, timestampFacts } from "./timestamp-statement.ts";
import { type Statement, type StatementName, sumUp, type Verdict } from "./verdict.ts";

export interface VerifyOptions extends TimestampTrust {
  /** Digest of the data at hand, `0x...`, by the algorithm that the claimed record names. */
  digest?: string | undefined;
}

/** Reasons that say that something was not brought, and not that something is wrong. */
const MISSING: readonly BundleReason[] = ["trust.missing", "trust.later", "timestamp.authority", "absent"];

/**
 * Reads a bundle's text and verifies it. Never throws for what a bundle may hold: what is wrong with it is in the verdict.
 * @param trust the network's genesis file or a checkpoint (`readTrust`); undefined: nothing is trusted
 */
export async function verifyBundleText(
  bytes: Uint8Array,
  trust: Trust | undefined,
  options: VerifyOptions = {},
): Promise<Verdict> {
  let bundle: Bundle;
  try {
    bundle = readBundle(bytes);
  } catch (error) {
    return verdictOf([fallen("format", error)]);
  }
  return verifyBundle(bundle, trust, options);
}

/**
 * Verifies a bundle without asking anybody. The statements that a claim rests on come first, and the first of them that
 * fails is the last; the others stand each for itself.
 * @param bundle as `readBundle` gives it
 */
export async function verifyBundle(
  bundle: Bundle,
  trust: Trust | undefined,
  options: VerifyOptions = {},
): Promise<Verdict> {
  const statements: Statement[] = [{ name: "format", state: "proven", facts: { version: bundle.version } }];
  const all = statementsOfClaim(bundle, trust, statements);
  if (all !== undefined) {
    statements.push(...furtherStatements(all, options), ...(await timestampStatements(all, options)));
  }
  return { ...verdictOf(statements), asOf: bundle.asOf, chainId: bundle.network.chainId };
}

/** Adds the statements that the claim rests on. @returns undefined where one of them failed */
function statementsOfClaim(bundle: Bundle, trust: Trust | undefined, statements: Statement[]): Shown | undefined {
  const add = (name: StatementName, facts: () => Record<string, unknown>): boolean => {
    const statement = attempt(name, facts);
    statements.push(statement);
    return statement.state !== "failed";
  };
  if (!add("network", () => networkFacts(bundle, trust))) return undefined;
  let blocks: ShownBlocks | undefined;
  const judge = () => {
    blocks = readBlocks(bundle);
    checkUse(bundle, blocks);
    return blocksFacts(bundle, blocks, trust);
  };
  if (!add("blocks", judge) || blocks === undefined) return undefined;
  if (!bundle.network.sealed) statements.push({ ...(statements.pop() as Statement), state: "unsealed" });

  const all: { -readonly [Name in keyof Shown]: Shown[Name] } = { bundle, blocks, contracts: new Map() };
  const { claim } = bundle;
  const list = () => {
    all.contracts = listedContracts(bundle, all.blocks);
    return contractOf(claim) === undefined ? {} : contractFacts(all);
  };
  if ((contractOf(claim) !== undefined || bundle.contracts.length > 0) && !add("contract", list)) return undefined;
  if (!add("event", () => eventFacts(all))) return undefined;
  if (claim.kind === "batch-record" && !add("batch", () => batchFacts(claim, all.blocks))) return undefined;
  return all;
}

function furtherStatements(all: Shown, { digest }: VerifyOptions): Statement[] {
  const { claim, content, status, certification } = all.bundle;
  const isRecord = claim.kind === "record" || claim.kind === "batch-record";
  const absent = (): never => {
    throw new BundleFault("absent");
  };
  return [
    ...(isRecord || content !== undefined || digest !== undefined
      ? [attempt("content", () => contentFacts(all.bundle, digest))]
      : []),
    ...(isRecord || status !== undefined
      ? [attempt("status", () => (status === undefined ? absent() : statusFacts(all, status.block)))]
      : []),
    ...(isRecord || certification !== undefined
      ? [attempt("certification", () => (certification === undefined ? absent() : certificationFacts(all)))]
      : []),
  ];
}

async function timestampStatements(all: Shown, trust: TimestampTrust): Promise<Statement[]> {
  const { claim, timestamps = [] } = all.bundle;
  const statements: Statement[] = [];
  for (const part of timestamps) {
    try {
      statements.push({ name: "timestamp", state: "proven", facts: await timestampFacts(all, part, trust) });
    } catch (error) {
      statements.push(fallen("timestamp", error));
    }
  }
  const isRecord = claim.kind === "record" || claim.kind === "batch-record";
  if (timestamps.length === 0 && isRecord) statements.push(fallen("timestamp", new BundleFault("absent")));
  return statements;
}

function networkFacts({ network }: Bundle, trust: Trust | undefined): Record<string, unknown> {
  const facts = { chainId: network.chainId, genesis: network.genesis };
  if (trust === undefined) {
    if (network.sealed) throw new BundleFault("trust.missing");
    return facts;
  }
  if (BigInt(network.chainId) !== trust.chainId) throw new BundleFault("network.chain", `chain ${network.chainId}`);
  if (trust.mode === "development") {
    if (network.sealed) throw new BundleFault("network.development");
    return facts;
  }
  if (!network.sealed) throw new BundleFault("network.unsealed");
  const { number, hash } = trust.anchor;
  if (number === 0 && hash !== network.genesis) throw new BundleFault("network.genesis", network.genesis);
  return { ...facts, trustedBlock: number };
}

function blocksFacts(bundle: Bundle, blocks: ShownBlocks, trust: Trust | undefined): Record<string, unknown> {
  if (!bundle.network.sealed) {
    return { blocks: [...blocks.values()].map(({ number, hash, timestamp }) => ({ number, hash, timestamp })) };
  }
  if (trust?.mode !== "sealed") throw new BundleFault("trust.missing");
  return { changes: bundle.validators.length, blocks: judgeBlocks(bundle, blocks, trust) };
}

/** @param given digest of the data at hand */
function contentFacts({ claim, content }: Bundle, given: string | undefined): Record<string, unknown> {
  if (content === undefined && given === undefined) throw new BundleFault("absent");
  if (claim.kind !== "record" && claim.kind !== "batch-record") throw new BundleFault("content.claim");
  const { algorithm: code, digest } = claim.record;
  const algorithm = digestAlgorithmOf(code);
  if (algorithm === undefined) throw new BundleFault("content.algorithm", `0x${code.toString(16)}`);
  const held = content === undefined ? [] : [bytesToHex(digestBytes(decodeBase64(content), algorithm))];
  for (const one of [...held, ...(given === undefined ? [] : [given.toLowerCase()])]) {
    if (one !== digest) throw new BundleFault("content.differs", one);
  }
  return { digest, algorithm, isHeld: content !== undefined };
}

function attempt(name: StatementName, facts: () => Record<string, unknown>): Statement {
  try {
    return { name, state: "proven", facts: facts() };
  } catch (error) {
    return fallen(name, error);
  }
}

function fallen(name: StatementName, error: unknown): Statement {
  if (!(error instanceof BundleFault)) throw error;
  const { reason, detail } = error;
  const state = MISSING.includes(reason) ? "missing" : "failed";
  return { name, state, reason, ...(detail === undefined ? {} : { detail }), facts: {} };
}

function verdictOf(statements: readonly Statement[]): Verdict {
  return { ...sumUp(statements), statements };
}
