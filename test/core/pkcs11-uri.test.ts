import { expect } from "chai";
import { readKeySource } from "../../src/core/key-source.ts";
import { readPkcs11Uri } from "../../src/core/pkcs11-uri.ts";

const QUERY = "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/brop/pin";
const READ = { module: "/usr/lib/softhsm/libsofthsm2.so", pinFile: "/etc/brop/pin" };

describe("The address of a key in a token (RFC 7512)", () => {
  it("names library, token or slot, key and the PIN's file", () => {
    expect(readPkcs11Uri(`pkcs11:token=brop;object=node-a${QUERY}`)).to.deep.equal({
      ...READ,
      ...{ token: "brop", label: "node-a" },
    });
    expect(readPkcs11Uri(`pkcs11:slot-id=10474909;object=node-a;type=private${QUERY}`)).to.deep.equal({
      ...READ,
      ...{ slot: 10_474_909, label: "node-a" },
    });
  });

  it("may escape characters, and name the PIN's file as a file: address", () => {
    const { token, pinFile } = readPkcs11Uri(
      "pkcs11:token=Bank%20A;object=k?pin-source=file:///run/credentials/pin&module-path=/m.so",
    );
    expect([token, pinFile]).to.deep.equal(["Bank A", "/run/credentials/pin"]);
    expect(readPkcs11Uri("pkcs11:token=a;object=k?pin-source=file:/p&module-path=/m.so").pinFile).to.equal("/p");
  });

  it("is refused without its parts, with unknown or doubled ones, and with the PIN itself", () => {
    for (const [text, words] of [
      ["pkcs11:", /RFC 7512/],
      [`pkcs11:object=k${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a;slot-id=1;object=k${QUERY}`, /RFC 7512/],
      [`pkcs11:slot-id=-1;object=k${QUERY}`, /RFC 7512/],
      [`pkcs11:slot-id=99999999999;object=k${QUERY}`, /RFC 7512/],
      [`pkcs11:slot-id=4294967296;object=k${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a;object=k;serial=1${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a;token=b;object=k${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a;object=k;type=cert${QUERY}`, /only be private/],
      ["pkcs11:token=a;object=k?module-path=/m.so", /RFC 7512/],
      ["pkcs11:token=a;object=k?module-path=m.so&pin-source=/p", /RFC 7512/],
      ["pkcs11:token=a;object=k?module-path=/m.so&pin-source=p", /RFC 7512/],
      ["pkcs11:token=%zz;object=k?module-path=/m.so&pin-source=/p", /RFC 7512/],
      [`pkcs11:token=a;object=--delete-object${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a;object=k%0a--x${QUERY}`, /RFC 7512/],
      [`pkcs11:token=a;object=k${QUERY}?x`, /RFC 7512/],
      ["pkcs11:token=a;object=k?module-path=/m.so&pin-value=secret", /must not hold the PIN/],
    ] as const) {
      expect(() => readPkcs11Uri(text), text).to.throw(words);
      expect(() => readPkcs11Uri(text), text).not.to.throw(/secret/);
    }
  });

  it("is one of the ways to name a key in a setting", () => {
    expect(readKeySource(`pkcs11:token=brop;object=seat${QUERY}`)).to.have.nested.property("inToken.label", "seat");
    expect(readKeySource(`0x${"11".repeat(32)}`)).to.have.property("privateKey");
    expect(readKeySource(`0x${"11".repeat(20)}`)).to.have.property("atSigner");
    for (const text of ["", "operator", "0x12", `0x04${"11".repeat(64)}`, "PKCS11:x"]) {
      expect(() => readKeySource(text), text).to.throw(/or a pkcs11: address/);
    }
  });
});
