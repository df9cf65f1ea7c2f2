import { sign as signWith } from "node:crypto";
import { expect } from "chai";
import {
  bits,
  boolean,
  certificateTime,
  integer,
  oid,
  sequence,
  tagged,
  value,
} from "../../../src/core/timestamp/der-writer.ts";
import { OID } from "../../../src/core/timestamp/object-identifiers.ts";
import { inspectToken, type TokenExpectation, verifyToken } from "../../../src/core/timestamp/verify-token.ts";
import {
  type CertificateTerms,
  commonName,
  EXTENSIONS,
  signatureKindOf,
} from "../../../src/timestamp/authority/issue-certificate.ts";
import { proofRefusal } from "../../support/proof-refusal.ts";
import {
  type Certified,
  certify,
  certifyIssuer,
  certifyStamping,
  digestOfText,
  newKey,
  type Stamping,
  stampingExtensions,
  stampText,
} from "../../support/time-stamp-authorities.ts";

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR);

describe("a time stamp", () => {
  const root = certifyIssuer("Root");
  const good: Stamping = { root, own: certifyStamping("Authority", root) };

  const verify = (token: Uint8Array, changes: Partial<TokenExpectation> = {}) =>
    verifyToken(token, { digest: digestOfText(), authorities: [root.certificate], ...changes });
  const refusedOf = async (own: Certified, more: Partial<Stamping> = {}, changes: Partial<TokenExpectation> = {}) => {
    const token = await stampText({ root, own, ...more });
    return proofRefusal(() => verify(token, changes));
  };
  const withExtensions = (extensions: CertificateTerms["extensions"]) => certify("Authority", root, { extensions });

  it("of the platform's own making is verified, with its chain", async () => {
    const token = await stampText(good);
    const verified = await verify(token, { policy: "1.3.6.1.4.1.32473.8420" });
    expect(verified.authority.name).to.equal("Authority");
    expect(verified.serial).to.equal(7n);
    expect(inspectToken(token).serial).to.equal(7n);
  });

  it("is verified through authorities between, also when the token does not hold them", async () => {
    const middle = certifyIssuer("Middle", root);
    const lower = certifyIssuer("Lower", middle);
    const own = certifyStamping("Authority", lower);
    await verify(await stampText({ root, own, between: [lower, middle] }));
    const bare = await stampText({ root, own }, new Date(), { certificate: false });
    const certificates = [own, lower, middle].map(({ certificate }) => certificate);
    await verify(bare, { certificates });
    expect(await proofRefusal(() => verify(bare, { certificates: [own.certificate] }))).to.contain(
      "leads to no authority",
    );
    expect(await proofRefusal(() => verify(bare))).to.contain("certificate is missing");
  });

  it("is refused of a certificate that was not valid at its time", async () => {
    const late = certifyStamping("Authority", root, { notBefore: ago(2), notAfter: ago(1) });
    expect(await refusedOf(late)).to.match(/has a certificate that is valid from .* to .*, and the token is of/);
    const token = await stampText({ root, own: late }, ago(1.5));
    expect((await verify(token)).authority.name).to.equal("Authority");
    const early = certifyStamping("Authority", root, { notBefore: new Date(Date.now() + HOUR) });
    expect(await refusedOf(early)).to.contain("has a certificate that is valid from");
  });

  it("is refused under a root or an authority between that was not valid at its time", async () => {
    const oldRoot = certifyIssuer("Old root", undefined, { notBefore: ago(3), notAfter: ago(1) });
    const own = certifyStamping("Authority", oldRoot);
    const token = await stampText({ root: oldRoot, own });
    const authorities = [oldRoot.certificate];
    expect(await proofRefusal(() => verify(token, { authorities }))).to.contain("has a certificate that is valid from");
    const middle = certifyIssuer("Middle", root, { notAfter: ago(1) });
    expect(await refusedOf(certifyStamping("Authority", middle), { between: [middle] })).to.contain("valid from");
  });

  it("is refused of a certificate for another purpose, for several, or where that is not critical", async () => {
    const { noAuthority, signing, timeStamping } = EXTENSIONS;
    expect(await refusedOf(withExtensions([noAuthority, signing]))).to.contain("is not for time stamping alone");
    const purposes = (...oids: string[]) => ({
      ...{ oid: OID.extendedKeyUsage, critical: true, value: sequence(...oids.map(oid)) },
    });
    const serverAuth = "1.3.6.1.5.5.7.3.1";
    expect(await refusedOf(withExtensions([signing, purposes(serverAuth)]))).to.contain("not for time stamping alone");
    expect(await refusedOf(withExtensions([signing, purposes(OID.timeStamping, serverAuth)]))).to.contain("alone");
    expect(await refusedOf(withExtensions([signing, purposes(OID.anyExtendedKeyUsage)]))).to.contain("alone");
    const casual = { ...timeStamping, critical: false };
    expect(await refusedOf(withExtensions([signing, casual]))).to.contain("and not that this is critical");
  });

  it("is refused of a key for something else than signatures", async () => {
    const { timeStamping, issuing } = EXTENSIONS;
    expect(await refusedOf(withExtensions([issuing, timeStamping]))).to.contain("a key for something else");
    const both = { oid: OID.keyUsage, critical: true, value: bits(Uint8Array.of(0x84), 2) };
    expect(await refusedOf(withExtensions([both, timeStamping]))).to.contain("a key for something else");
  });

  it("is refused of a certificate with a critical extension that nobody knows", async () => {
    const strange = { oid: "1.2.3.4", critical: true, value: boolean(true) };
    const key = newKey();
    const own = certify("Authority", root, { key, extensions: [...stampingExtensions(key, root), strange] });
    expect(await refusedOf(own)).to.contain("has the critical extension 1.2.3.4, which is unknown");
    const harmless = certify("Authority", root, {
      ...{ key, extensions: [...stampingExtensions(key, root), { ...strange, critical: false }] },
    });
    await verify(await stampText({ root, own: harmless }));
  });

  it("is refused through an issuer that may not issue, whose key is not for it, or who is not for time stamping", async () => {
    const plain = certify("Plain", root, { extensions: [EXTENSIONS.noAuthority] });
    expect(await refusedOf(certifyStamping("A", plain), { between: [plain] })).to.contain("one that may not issue any");
    const wrongKey = certify("Plain", root, { extensions: [EXTENSIONS.authority, EXTENSIONS.signing] });
    expect(await refusedOf(certifyStamping("A", wrongKey), { between: [wrongKey] })).to.contain(
      "a key that is not for it",
    );
    const web = { oid: OID.extendedKeyUsage, value: sequence(oid("1.3.6.1.5.5.7.3.1")) };
    const other = certify("Web", root, { extensions: [EXTENSIONS.authority, EXTENSIONS.issuing, web] });
    expect(await refusedOf(certifyStamping("A", other), { between: [other] })).to.contain("not for time stamping");
  });

  it("is refused through a chain that is longer than allowed, or that has name constraints", async () => {
    const none = { oid: OID.basicConstraints, critical: true, value: sequence(boolean(true), integer(0)) };
    const narrow = certify("Narrow", root, { extensions: [none, EXTENSIONS.issuing] });
    await verify(await stampText({ root, own: certifyStamping("A", narrow), between: [narrow] }));
    const below = certifyIssuer("Below", narrow);
    const tooLong = await refusedOf(certifyStamping("A", below), { between: [below, narrow] });
    expect(tooLong).to.contain("is longer than a certificate in it allows");
    const names = { oid: OID.nameConstraints, critical: true, value: sequence() };
    const bound = certify("Bound", root, { extensions: [EXTENSIONS.authority, EXTENSIONS.issuing, names] });
    expect(await refusedOf(certifyStamping("A", bound), { between: [bound] })).to.contain("name constraints");
    let line = [root];
    for (let depth = 0; depth < 8; depth++) line = [certifyIssuer(`Depth ${depth}`, line[0]), ...line];
    const far = certifyStamping("A", line[0] as Certified);
    expect(await refusedOf(far, { between: line.slice(0, -1) })).to.contain("leads to no authority");
  });

  it("is refused of another root with the same name, and of a root that is only in the token", async () => {
    const forged = certifyIssuer("Root");
    expect(await refusedOf(certifyStamping("Authority", forged), { root: forged })).to.contain("not the authority's");
    const noNames = certifyIssuer("Root", undefined, { extensions: [EXTENSIONS.authority, EXTENSIONS.issuing] });
    const own = certify("Authority", noNames, { extensions: [EXTENSIONS.signing, EXTENSIONS.timeStamping] });
    expect(await refusedOf(own, { root: noNames })).to.contain("has a signature that is not the authority's");
  });

  it("is refused with another certificate of the same key, name and number", async () => {
    const key = newKey();
    const terms = { key, serial: 5n };
    const own = certifyStamping("Authority", root, terms);
    const token = await stampText({ root, own }, new Date(), { certificate: false });
    const twin = certifyStamping("Authority", root, { ...terms, notAfter: new Date(Date.now() + 9_000 * HOUR) });
    expect(await proofRefusal(() => verify(token, { certificates: [twin.certificate] }))).to.contain(
      "certificate is another one than was signed with",
    );
    await verify(token, { certificates: [own.certificate] });
  });

  it("without certificates has no byte that can be changed", async () => {
    const token = await stampText(good, new Date(), { certificate: false, nonce: 9n });
    const certificates = [good.own.certificate];
    await verify(token, { certificates, nonce: 9n });
    for (let index = 0; index < token.length; index++) {
      const changed = token.slice();
      changed[index] = (token[index] as number) ^ (1 << (index % 8));
      await proofRefusal(() => verify(changed, { certificates, nonce: 9n }));
    }
  });
});

describe("revocation of a time-stamping authority", () => {
  const root = certifyIssuer("Root");
  const key = newKey();
  const own = certifyStamping("Authority", root, { key, serial: 77n });

  const judge = async (lists: Uint8Array[], time = new Date()) =>
    verifyToken(await stampText({ root, own }, time), {
      ...{ digest: digestOfText(), authorities: [root.certificate], revocationLists: lists },
    });

  it("is found in a list of the issuer's, and by nobody else's", async () => {
    await judge([revocationList(root, [])]);
    await judge([revocationList(root, [{ serial: 78n, since: ago(1) }])]);
    expect(await proofRefusal(() => judge([revocationList(root, [{ serial: 77n, since: ago(1) }])]))).to.contain(
      "has a certificate that was revoked at",
    );
    const other = certifyIssuer("Other root");
    await judge([revocationList(other, [{ serial: 77n, since: ago(1) }])]);
    const forged = certifyIssuer("Root");
    expect(await proofRefusal(() => judge([revocationList(forged, [])]))).to.contain("revocation list has a signature");
  });

  it("after the token leaves it good for a harmless reason, and no token where the key may be known to others", async () => {
    const since = new Date();
    // 4: superseded, 1: the key is compromised (RFC 5280 5.3.1).
    await judge([revocationList(root, [{ serial: 77n, since, reason: 4 }])], ago(1));
    expect(
      await proofRefusal(() => judge([revocationList(root, [{ serial: 77n, since: ago(2), reason: 4 }])], ago(1))),
    ).to.contain("was revoked at");
    for (const reason of [1, undefined]) {
      const list = revocationList(root, [{ serial: 77n, since, ...(reason === undefined ? {} : { reason }) }]);
      expect(await proofRefusal(() => judge([list], ago(1)))).to.contain("was revoked at");
    }
  });

  it("of an authority between counts, too", async () => {
    const middle = certifyIssuer("Middle", root, { serial: 88n });
    const lower = certifyStamping("Authority", middle);
    const token = await stampText({ root, own: lower, between: [middle] });
    const revocationLists = [revocationList(root, [{ serial: 88n, since: ago(1) }])];
    const expected = { digest: digestOfText(), authorities: [root.certificate] };
    await verifyToken(token, expected);
    expect(await proofRefusal(() => verifyToken(token, { ...expected, revocationLists }))).to.contain("was revoked at");
  });

  it("can not be judged by a list with an extension that nobody knows, such as one of changes only", async () => {
    const changes = sequence(oid("2.5.29.27"), boolean(true), value(0x04, integer(1)));
    expect(await proofRefusal(() => judge([revocationList(root, [], [changes])]))).to.contain(
      "critical extension 2.5.29.27",
    );
  });
});

/** A revocation list (RFC 5280 5.1). */
function revocationList(
  issuer: Certified,
  entries: readonly { serial: bigint; since: Date; reason?: number }[],
  extensions: readonly Uint8Array[] = [],
): Uint8Array {
  const { algorithm, digest } = signatureKindOf(issuer.key);
  const rows = entries.map(({ serial, since, reason }) => {
    const why =
      reason === undefined
        ? []
        : [sequence(sequence(oid(OID.crlReason), value(0x04, value(0x0a, Uint8Array.of(reason)))))];
    return sequence(integer(serial), certificateTime(since), ...why);
  });
  const body = sequence(
    ...[integer(1), algorithm, commonName(issuer.name), certificateTime(new Date())],
    ...(rows.length === 0 ? [] : [sequence(...rows)]),
    ...(extensions.length === 0 ? [] : [tagged(0, sequence(...extensions))]),
  );
  return sequence(body, algorithm, bits(new Uint8Array(signWith(digest, body, issuer.key))));
}
