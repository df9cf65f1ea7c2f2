import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { BropError } from "../../core/errors.ts";
import { bytesToHex, hexToBytes, isHexBytes } from "../../core/hex.ts";
import { DIGEST_LENGTHS, STAMP_DIGESTS, type StampDigest } from "../../core/timestamp/algorithms.ts";
import { grantedResponse, readResponse } from "../../core/timestamp/response.ts";
import { inspectToken, type VerifiedToken, verifyToken } from "../../core/timestamp/verify-token.ts";
import { readCertificates } from "../../timestamp/authority/identity.ts";
import { TimestampClient } from "../../timestamp/client/timestamp-client.ts";
import { askApi, openApi } from "../api-client.ts";
import { EXIT_NOT_VERIFIED } from "../exit-codes.ts";
import { digestWithBar } from "../files.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

/** Has a file stamped by the platform's authority; the answer is checked under the certificate that it shows. */
export async function stampFile(
  session: Session,
  file: string,
  { out = `${file}.tsr` }: { out?: string },
): Promise<void> {
  const digest = await digestWithBar(session.options, file, "sha2-256");
  const root = await openApi(session, "/tsa/certificate?form=der&of=root");
  const client = new TimestampClient({
    ask: (request) => askAuthority(session, request),
    trusted: [new Uint8Array(await root.arrayBuffer())],
    ...{ random: randomBytes, now: () => Date.now() },
  });
  const { token, verified } = await client.stamp(digest);
  await write(out, grantedResponse(token));
  session.output.result({ file, reply: out, ...shown(verified) }, () =>
    [described(verified), `Kept in ${out}.`].join("\n"),
  );
}

interface RecordStamp {
  timestamp: { id: string; time: string; token: string };
  attachment: unknown;
}

/** Has a record stamped by the authority that the platform asks. */
export async function stampRecord(session: Session, id: string, { out }: { out?: string }): Promise<void> {
  if (!isHexBytes(id, 32)) session.misuse("error: ID has to be 0x and 64 hexadecimal digits");
  const answer = await askApi<RecordStamp>(session, "POST", `/records/${id}/timestamp`);
  const { timestamp, attachment } = answer;
  if (out !== undefined) await write(out, grantedResponse(new Uint8Array(Buffer.from(timestamp.token, "base64"))));
  session.output.result(answer, () =>
    details([
      ["time", timestamp.time],
      ["time stamp", timestamp.id],
      ["on chain", attachment === null ? "not possible: the authority is not registered" : "not yet: see `--json`"],
      ["kept in", out],
    ]),
  );
}

interface VerifyOptions {
  file?: string;
  digest?: string;
  trust: string;
  revoked?: string;
}

/** Verifies a token by itself. */
export async function verify(session: Session, reply: string, options: VerifyOptions): Promise<void> {
  const { file, digest: hex, trust, revoked } = options;
  if ((file === undefined) === (hex === undefined)) session.misuse("error: give one of --file and --digest");
  const authorities = await readCertificates(trust);
  const revocationLists = revoked === undefined ? [] : [await read(revoked)];
  try {
    const token = tokenIn(await read(reply));
    const { digest, algorithm } =
      file === undefined ? givenDigest(session, hex as string) : await digestLike(token, file);
    const verified = await verifyToken(token, { digest, algorithm, authorities, revocationLists });
    session.output.result({ verified: true, ...shown(verified) }, (paint) =>
      [`${paint.green("✓")} The time stamp holds`, described(verified)].join("\n"),
    );
  } catch (error) {
    if (!(error instanceof BropError) || error.code !== "proof.invalid") throw error;
    process.exitCode = EXIT_NOT_VERIFIED;
    session.output.result({ verified: false, reason: error.message }, (paint) => `${paint.red("✗")} ${error.message}`);
  }
}

async function askAuthority(session: Session, request: Uint8Array): Promise<Uint8Array> {
  const headers = { "content-type": "application/timestamp-query" };
  const body = request as Uint8Array<ArrayBuffer>;
  const answer = await openApi(session, "/tsa", { method: "POST", headers, body });
  return new Uint8Array(await answer.arrayBuffer());
}

/** A token, or an answer that holds one. */
function tokenIn(bytes: Uint8Array): Uint8Array {
  try {
    const response = readResponse(bytes);
    if (response.token !== undefined) return response.token;
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
  }
  return bytes;
}

function givenDigest(session: Session, hex: string): { digest: Uint8Array; algorithm: StampDigest } {
  const text = hex.startsWith("0x") ? hex : `0x${hex}`;
  const algorithm = STAMP_DIGESTS.find((name) => isHexBytes(text, DIGEST_LENGTHS[name]));
  if (algorithm === undefined) return session.misuse("error: --digest has to be 64, 96 or 128 hexadecimal digits");
  return { digest: hexToBytes(text), algorithm };
}

/** The file's digest by the algorithm that the token names. */
async function digestLike(token: Uint8Array, file: string): Promise<{ digest: Uint8Array; algorithm: StampDigest }> {
  const { algorithm } = inspectToken(token).imprint;
  const hash = createHash(algorithm.replace("-", "").toLowerCase());
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw BropError.from(error);
  }
  return { digest: new Uint8Array(hash.digest()), algorithm };
}

function shown({ time, accuracy, serial, policy, imprint, authority }: VerifiedToken) {
  return {
    ...{ time: time.toISOString(), accuracy: accuracy ?? null, serial: serial.toString(), policy },
    ...{ algorithm: imprint.algorithm, digest: bytesToHex(imprint.digest) },
    ...{ authority: authority.name, certificateDigest: authority.certificateDigest },
  };
}

function described(verified: VerifiedToken): string {
  const { time, accuracy, policy, algorithm, digest, authority } = shown(verified);
  return details([
    ["time", `${time}${accuracy === null ? "" : `, at most ${accuracy} ms off`}`],
    ["digest", `${digest} (${algorithm})`],
    ["authority", authority],
    ["policy", policy],
  ]);
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw BropError.from(error);
  }
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw BropError.from(error);
  }
}
