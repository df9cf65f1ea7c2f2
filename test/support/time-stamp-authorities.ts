import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { buildQuery, readQuery, type TimestampQuery } from "../../src/core/timestamp/request.ts";
import { TimestampAuthority } from "../../src/timestamp/authority/authority.ts";
import { keySigner } from "../../src/timestamp/authority/identity.ts";
import {
  type CertificateTerms,
  EXTENSIONS,
  issueCertificate,
  issuerKey,
  subjectKey,
} from "../../src/timestamp/authority/issue-certificate.ts";
import { TokenWriter } from "../../src/timestamp/authority/token-writer.ts";

/** A key with the certificate that it has. */
export interface Certified {
  name: string;
  key: KeyObject;
  publicKey: KeyObject;
  certificate: Uint8Array;
}

export const POLICY = "1.3.6.1.4.1.32473.8420";
const DAY = 24 * 3_600_000;
let serials = 1_000n;

export function newKey(curve = "prime256v1"): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: curve });
}

interface Terms extends Partial<Omit<CertificateTerms, "subject" | "publicKey">> {
  key?: { publicKey: KeyObject; privateKey: KeyObject };
}

/** A certificate for a new key, valid from yesterday for a year unless the terms say otherwise. */
export function certify(name: string, issuer: Certified | undefined, terms: Terms = {}): Certified {
  const { key = newKey(), ...others } = terms;
  const { publicKey, privateKey } = key;
  const usual: CertificateTerms = {
    ...{ subject: name, publicKey, serial: serials++ },
    ...{ notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY), extensions: [] },
  };
  const by = issuer === undefined ? { subject: name, key: privateKey } : { subject: issuer.name, key: issuer.key };
  return { name, key: privateKey, publicKey, certificate: issueCertificate({ ...usual, ...others }, by) };
}

/** A root, or an authority between. */
export function certifyIssuer(name: string, issuer?: Certified, terms: Terms = {}): Certified {
  const { key = newKey() } = terms;
  const own = [EXTENSIONS.authority, EXTENSIONS.issuing, subjectKey(key.publicKey)];
  const extensions = issuer === undefined ? own : [...own, issuerKey(issuer.publicKey)];
  return certify(name, issuer, { extensions, ...terms, key });
}

/** The usual extensions of a time-stamping authority's certificate. */
export function stampingExtensions(key: { publicKey: KeyObject }, issuer: Certified): CertificateTerms["extensions"] {
  const { noAuthority, signing, timeStamping } = EXTENSIONS;
  return [noAuthority, signing, timeStamping, subjectKey(key.publicKey), issuerKey(issuer.publicKey)];
}

export function certifyStamping(name: string, issuer: Certified, terms: Terms = {}): Certified {
  const { key = newKey() } = terms;
  return certify(name, issuer, { extensions: stampingExtensions(key, issuer), ...terms, key });
}

/** An authority with a root, as tests use it. */
export interface Stamping {
  root: Certified;
  own: Certified;
  between?: readonly Certified[];
  policy?: string;
  accuracy?: number;
}

export function writerOf({ own, between = [], root, policy = POLICY, accuracy = 1_000 }: Stamping): TokenWriter {
  const certificates = [own, ...between, root].map(({ certificate }) => certificate);
  return new TokenWriter({ signer: keySigner(own.key), certificates, policy, accuracy });
}

/** An authority that stamps what it is asked, with the time that it is told. */
export function authorityOf(stamping: Stamping, now: () => Date | undefined = () => new Date()): TimestampAuthority {
  let serial = 1n;
  const { policy = POLICY } = stamping;
  return new TimestampAuthority({
    ...{ policy, writer: writerOf(stamping), serials: { next: async () => serial++ } },
    certificates: [stamping.own, ...(stamping.between ?? []), stamping.root].map(({ certificate }) => certificate),
    clock: { now, fault: undefined },
  });
}

export const TEXT = "A text that is stamped.\n";

export function digestOfText(name = "sha256"): Uint8Array {
  return new Uint8Array(createHash(name).update(TEXT).digest());
}

/** A token of the text, whoever the authority is: nothing of it is checked. */
export function stampText(
  stamping: Stamping,
  time = new Date(),
  query: Partial<TimestampQuery> = {},
): Promise<Uint8Array> {
  const { imprint, nonce } = readQuery(buildQuery({ algorithm: "SHA-256", digest: digestOfText(), ...query }));
  return writerOf(stamping).write({ imprint, nonce, serial: 7n, time, certificate: query.certificate ?? true });
}
