import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BropError } from "../../../src/core/errors.ts";
import { certificatesToPem, developmentIdentity } from "../../../src/timestamp/authority/development-identity.ts";
import { openIdentity, readCertificates } from "../../../src/timestamp/authority/identity.ts";
import {
  type Certified,
  certify,
  certifyIssuer,
  certifyStamping,
  newKey,
} from "../../support/time-stamp-authorities.ts";

async function refusal(work: Promise<unknown>): Promise<BropError> {
  const error = await work.then(
    () => new Error("Nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof BropError) return error;
  throw error;
}

describe("who a time-stamping authority is", () => {
  const folder = mkdtempSync(join(tmpdir(), "brop-identity-"));
  const root = certifyIssuer("Root");
  const own = certifyStamping("Authority", root);
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: string, mode = 0o600) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const pem = (...certified: Certified[]) => certificatesToPem(certified.map(({ certificate }) => certificate));
  const keyOf = ({ key }: Certified) => key.export({ type: "pkcs8", format: "pem" }) as string;
  const good = () => ({ certificate: file("own.pem", pem(own, root)), key: file("own.key", keyOf(own)) });

  it("is read from its files", async () => {
    const { certificates } = await openIdentity(good());
    expect(certificates).to.deep.equal([own.certificate, root.certificate]);
  });

  it("is refused with a key that others can read, another's key, or none", async () => {
    const { certificate, key } = good();
    chmodSync(key, 0o644);
    expect((await refusal(openIdentity({ certificate, key }))).code).to.equal("key.insecure");
    const other = file("other.key", keyOf({ ...own, key: newKey().privateKey }));
    expect((await refusal(openIdentity({ certificate, key: other }))).message).to.contain(
      "not the key of the certificate",
    );
    const none = file("none.key", "no key");
    expect((await refusal(openIdentity({ certificate, key: none }))).message).to.contain("holds no private key");
    expect((await refusal(openIdentity({ certificate, key: join(folder, "missing") }))).code).to.equal(
      "file.not-found",
    );
    expect((await refusal(openIdentity({ certificate, key: "pkcs11:object=a" }))).code).to.equal(
      "configuration.invalid",
    );
  });

  it("is refused with a certificate that is not for time stamping, or none", async () => {
    const { key } = good();
    const plain = file(
      "plain.pem",
      pem(certify("Plain", root, { key: { publicKey: own.publicKey, privateKey: own.key } })),
    );
    const refused = await refusal(openIdentity({ certificate: plain, key }));
    expect(refused.message).to.contain("is not for time stamping alone");
    const text = file("text.pem", "no certificate");
    expect((await refusal(openIdentity({ certificate: text, key }))).message).to.contain("holds no certificate");
    const broken = file("broken.pem", pem(own).replace(/\n.{20}/, "\nAAAA"));
    expect((await refusal(openIdentity({ certificate: broken, key }))).code).to.equal("configuration.invalid");
  });

  it("is made for a development platform once, whole or not at all, with a key that its owner alone can read", async () => {
    const place = join(folder, "development", "authority");
    // What a start leaves that was cut off.
    mkdirSync(`${place}.new`, { recursive: true });
    const first = await developmentIdentity(place, Date.now());
    const second = await developmentIdentity(place, Date.now() + 1e9);
    expect(second.certificates).to.deep.equal(first.certificates);
    expect(existsSync(`${place}.new`)).to.equal(false);
    expect(await readCertificates(join(place, "certificate.pem"))).to.have.length(2);
    if (process.platform !== "win32") expect(statSync(join(place, "key.pem")).mode & 0o777).to.equal(0o600);
  });
});
