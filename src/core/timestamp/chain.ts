import { BropError } from "../errors.ts";
import { invalidProof } from "../proof-error.ts";
import { sameBytes } from "./algorithms.ts";
import {
  basicConstraints,
  type Certificate,
  extendedKeyUsage,
  issuerKeyIdentifier,
  KEY_USAGE,
  keyUsage,
  subjectKeyIdentifier,
} from "./certificate.ts";
import { OID } from "./object-identifiers.ts";
import { requireSignature } from "./signature.ts";

const PART = "time stamp's chain";
/** Certificates between the authority's and a trusted one. */
const MOST_BETWEEN = 5;
/** Signatures that are checked in search of a way. */
const MOST_TRIES = 32;

/** Extensions that are judged, or that change nothing here: any other critical one ends a chain (RFC 5280 4.2). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.subjectAltName,
  OID.certificatePolicies,
]);

/** What a chain is looked for in. */
export interface ChainSearch {
  /** Certificates that are trusted: of authorities above, or the last one itself. */
  trusted: readonly Certificate[];
  /** Others that may stand between. */
  others: readonly Certificate[];
  /** When all of them have to be valid. */
  time: Date;
}

/**
 * Finds the way from a certificate to one that is trusted, and checks each step of it (RFC 5280 6.1): signatures,
 * validity, right to issue, depth. Names are compared by their bytes; a chain with name constraints is refused, since
 * they are not judged.
 *
 * @returns the certificates from the given one to the trusted one
 * @throws BropError `proof.invalid` saying why the best way is none
 */
export async function findChain(last: Certificate, search: ChainSearch): Promise<Certificate[]> {
  const state = { ...search, tries: 0, reason: undefined };
  const chain = await extend([last], state);
  if (chain !== undefined) return chain;
  throw state.reason ?? invalidProof(PART, "leads to no authority that is trusted");
}

interface State extends ChainSearch {
  tries: number;
  /** Why a way was none. */
  reason: BropError | undefined;
}

async function extend(chain: readonly Certificate[], state: State): Promise<Certificate[] | undefined> {
  const top = chain.at(-1) as Certificate;
  const { trusted, others, time } = state;
  if (trusted.some(({ bytes }) => sameBytes(bytes, top.bytes))) {
    requireValid(top, time);
    requireUnderstood(top);
    return [...chain];
  }
  const unused = others.filter((one) => !chain.includes(one));
  for (const issuer of [...trusted, ...(chain.length > MOST_BETWEEN ? [] : unused)]) {
    if (!mayHaveIssued(issuer, top) || ++state.tries > MOST_TRIES) continue;
    try {
      requireUnderstood(top);
      requireValid(top, time);
      await requireIssuer(issuer, top, chain.length - 1);
      const found = await extend([...chain, issuer], state);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof BropError)) throw error;
      state.reason ??= error;
    }
  }
  return undefined;
}

function mayHaveIssued(issuer: Certificate, { issuer: name, extensions }: Certificate): boolean {
  if (!sameBytes(issuer.subject, name)) return false;
  const [wanted, has] = [issuerKeyIdentifier({ extensions }, PART), subjectKeyIdentifier(issuer, PART)];
  return wanted === undefined || has === undefined || sameBytes(wanted, has);
}

/** @param between certificates of authorities between it and the last one */
async function requireIssuer(issuer: Certificate, issued: Certificate, between: number): Promise<void> {
  const { authority, below } = basicConstraints(issuer, PART);
  if (!authority) throw invalidProof(PART, "has a certificate issued by one that may not issue any");
  if (between > below) throw invalidProof(PART, "is longer than a certificate in it allows");
  if (keyUsage(issuer, PART)?.includes(KEY_USAGE.keyCertSign) === false) {
    throw invalidProof(PART, "has a certificate issued by a key that is not for it");
  }
  const purposes = extendedKeyUsage(issuer, PART);
  if (purposes !== undefined && ![OID.timeStamping, OID.anyExtendedKeyUsage].some((one) => purposes.includes(one))) {
    throw invalidProof(PART, "has an authority that is not for time stamping");
  }
  const { signed: data, signature, algorithm } = issued;
  await requireSignature({ part: PART, data, signature, algorithm, publicKey: issuer.publicKey });
}

function requireValid({ notBefore, notAfter }: Certificate, time: Date): void {
  if (time >= notBefore && time < new Date(notAfter.getTime() + 1_000)) return;
  const range = `valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
  throw invalidProof(PART, `has a certificate that is ${range}, and the token is of ${time.toISOString()}`);
}

function requireUnderstood({ extensions }: Certificate): void {
  if (extensions.has(OID.nameConstraints)) throw invalidProof(PART, "has name constraints, which are not judged here");
  for (const [oid, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.has(oid))
      throw invalidProof(PART, `has the critical extension ${oid}, which is unknown`);
  }
}
