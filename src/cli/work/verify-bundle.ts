import { X509Certificate } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { installFastRecovery } from "../../chain/fast-recovery.node.ts";
import type { Bundle } from "../../core/bundle/bundle.ts";
import { readBundle } from "../../core/bundle/read-bundle.ts";
import { BUNDLE_REASONS, BundleFault } from "../../core/bundle/reasons.ts";
import { MOST_BUNDLE_BYTES } from "../../core/bundle/schema.ts";
import type { Statement, Verdict } from "../../core/bundle/verdict.ts";
import { verifyBundleText } from "../../core/bundle/verify-bundle.ts";
import { digestAlgorithmOf } from "../../core/digest.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { readTrust, type Trust, type TrustDescription } from "../../core/qbft/trust.ts";
import { EXIT_NOT_VERIFIED } from "../exit-codes.ts";
import { digestWithBar } from "../files.ts";
import { readJson } from "../json-file.ts";
import type { Paint } from "../output.ts";
import type { Session } from "../session.ts";
import { printable } from "../table.ts";
import { factLines } from "./bundle-words.ts";

interface BundleOptions {
  bundle: string;
  trust?: string;
  authority?: string[];
}

/** Verifies a proof bundle, and a file by it, without asking anybody (EV-9). */
export async function verifyBundleFile(session: Session, file: string | undefined, options: BundleOptions) {
  const bytes = await readBounded(options.bundle);
  const trustFile = options.trust ?? session.trust;
  const trust = trustFile === undefined ? undefined : await readTrustFile(trustFile);
  const authorities = await Promise.all((options.authority ?? []).map(readCertificate));
  const digest = file === undefined ? undefined : await digestOf(session, file, bytes);
  await installFastRecovery();
  const verdict = await verifyBundleText(bytes, trust, { digest, authorities });
  const stands = !["revoked", "superseded"].includes(String(factsOf(verdict, "status").status));
  if (verdict.state !== "proven" || !stands) process.exitCode = EXIT_NOT_VERIFIED;
  const result = { bundle: options.bundle, ...(file === undefined ? {} : { file }), ...verdict };
  session.output.result(result, (paint) => describe(verdict, stands, file ?? options.bundle, paint));
}

/** A bundle has a greatest size; what is larger is not even read whole. */
async function readBounded(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size <= MOST_BUNDLE_BYTES) return readFile(path);
  const handle = await open(path);
  try {
    const bytes = new Uint8Array(MOST_BUNDLE_BYTES + 1);
    await handle.read(bytes);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** @throws BropError `request.invalid` for a file that is neither; and as `readJson` */
async function readTrustFile(path: string): Promise<Trust> {
  return readTrust((await readJson(path)) as TrustDescription);
}

/** @throws BropError `request.invalid` for what is no certificate */
async function readCertificate(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  try {
    return new Uint8Array(new X509Certificate(bytes).raw);
  } catch (cause) {
    throw new BropError("request.invalid", { field: "authority", path, reason: "is no certificate" }, undefined, {
      cause,
    });
  }
}

/** The file's digest by the algorithm of the claimed record; undefined where the verdict will say what is wrong. */
async function digestOf(session: Session, file: string, bytes: Uint8Array): Promise<string | undefined> {
  let bundle: Bundle;
  try {
    bundle = readBundle(bytes);
  } catch (error) {
    if (error instanceof BundleFault) return undefined;
    throw error;
  }
  const { claim } = bundle;
  const code = "record" in claim ? claim.record.algorithm : undefined;
  const algorithm = code === undefined ? undefined : digestAlgorithmOf(code);
  return bytesToHex(await digestWithBar(session.options, file, algorithm ?? "sha2-256"));
}

function describe(verdict: Verdict, stands: boolean, name: string, paint: Paint): string {
  const lines = verdict.statements.flatMap((statement) => [
    `  ${mark(statement, paint)} ${statement.name.padEnd(13)} ${words(statement)}`,
    ...factLines(statement).map((line) => paint.dim(`      ${line}`)),
  ]);
  const asOf =
    verdict.asOf === undefined ? [] : [`  ${paint.dim(`as of block ${verdict.asOf}; of later ones it says nothing`)}`];
  return [headline(verdict, stands, printable(name), paint), ...lines, ...asOf].join("\n");
}

function headline({ state, reason }: Verdict, stands: boolean, name: string, paint: Paint): string {
  const because = reason === undefined ? "" : `: ${BUNDLE_REASONS[reason].en}`;
  switch (state) {
    case "proven":
      return stands
        ? `${paint.green("✓")} ${paint.bold("Proven")}: ${name}`
        : `${paint.red("✗")} ${paint.bold("Proven, and no longer valid")}: ${name}`;
    case "unsealed":
      return `${paint.yellow("!")} ${paint.bold("Unsealed")}: ${name} is of a development chain, whose blocks nobody seals`;
    case "missing":
      return `${paint.yellow("!")} ${paint.bold("Not proven")}: ${name}${because}`;
    default:
      return `${paint.red("✗")} ${paint.bold("Refused")}: ${name}${because}`;
  }
}

function mark({ state }: Statement, paint: Paint): string {
  if (state === "proven") return paint.green("✓");
  if (state === "failed") return paint.red("✗");
  return state === "unsealed" ? paint.yellow("!") : paint.dim("-");
}

function words({ state, reason, detail }: Statement): string {
  if (reason === undefined) return state;
  const exactly = detail === undefined ? "" : ` (${detail})`;
  return printable(`${reason}: ${BUNDLE_REASONS[reason].en}${exactly}`);
}

function factsOf({ statements }: Verdict, name: Statement["name"]): Readonly<Record<string, unknown>> {
  return statements.find((one) => one.name === name)?.facts ?? {};
}
