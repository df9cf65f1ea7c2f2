import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Identity, openIdentity } from "./identity.ts";
import { EXTENSIONS, issueCertificate, issuerKey, subjectKey } from "./issue-certificate.ts";

const YEAR = 365.25 * 24 * 3_600_000;
/** Of the root, and of the authority's certificate. */
const VALID_FOR = { root: 20 * YEAR, authority: 10 * YEAR };
/** Names in both certificates begin with it. */
const NAME = "BROP development";

/**
 * The authority of a development platform: made at the first start, with a root of its own whose key is thrown away.
 *
 * @param folder where `certificate.pem` and `key.pem` stand
 * @throws as `openIdentity`
 */
export async function developmentIdentity(folder: string, now: number): Promise<Identity> {
  if (!existsSync(folder)) await make(folder, now);
  return openIdentity({ certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem") });
}

/** The folder is put in its place as a whole: a start that was cut off leaves none. */
async function make(folder: string, now: number): Promise<void> {
  const root = newKey();
  const authority = newKey();
  const issuer = { subject: `${NAME} root`, key: root.privateKey };
  const notBefore = new Date(now);
  const rootCertificate = issueCertificate(
    {
      ...{ subject: issuer.subject, publicKey: root.publicKey, serial: randomSerial(), notBefore },
      notAfter: new Date(now + VALID_FOR.root),
      extensions: [EXTENSIONS.authority, EXTENSIONS.issuing, subjectKey(root.publicKey)],
    },
    issuer,
  );
  const certificate = issueCertificate(
    {
      ...{ subject: `${NAME} time stamps`, publicKey: authority.publicKey, serial: randomSerial(), notBefore },
      notAfter: new Date(now + VALID_FOR.authority),
      extensions: [
        ...[EXTENSIONS.noAuthority, EXTENSIONS.signing, EXTENSIONS.timeStamping],
        ...[subjectKey(authority.publicKey), issuerKey(root.publicKey)],
      ],
    },
    issuer,
  );
  const beside = `${folder}.new`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(beside, { mode: 0o700 });
  const key = authority.privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFile(join(beside, "key.pem"), key, { mode: 0o600, flush: true });
  const chain = certificatesToPem([certificate, rootCertificate]);
  await writeFile(join(beside, "certificate.pem"), chain, { flush: true });
  await rename(beside, folder);
}

/** Certificates one after the other (RFC 7468). */
export function certificatesToPem(certificates: readonly Uint8Array[]): string {
  return certificates
    .map(
      (der) =>
        Buffer.from(der)
          .toString("base64")
          .match(/.{1,64}/g) ?? [],
    )
    .map((lines) => ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"))
    .join("");
}

function newKey(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

/** RFC 5280 4.1.2.2: positive, of at most 20 bytes. */
function randomSerial(): bigint {
  return BigInt(`0x01${randomBytes(15).toString("hex")}`);
}
