import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { KeyStore } from "../../../src/chain/key-store.node.ts";
import { readConfig } from "../../../src/config.ts";

const FOLDER = new URL("../../../network/keys/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, FOLDER), "utf8");

/** Members of Web3Signer's key files by type: its reference of key configuration files, and its classes `*Metadata`. */
const MEMBERS: Record<string, { needed: string[]; optional: string[] }> = {
  "file-raw": { needed: ["keyType", "privateKey"], optional: [] },
  "file-keystore": { needed: ["keyType", "keystoreFile", "keystorePasswordFile"], optional: [] },
  hashicorp: {
    needed: ["keyType", "serverHost", "keyPath", "token"],
    optional: ["serverPort", "timeout", "tlsEnabled", "tlsKnownServersPath", "keyName", "httpProtocolVersion"],
  },
  "azure-key": {
    needed: ["clientId", "clientSecret", "tenantId", "vaultName", "keyName"],
    optional: ["keyType", "timeout"],
  },
  "azure-secret": {
    needed: ["keyType", "clientId", "clientSecret", "tenantId", "vaultName", "secretName"],
    optional: ["authenticationMode", "timeout"],
  },
  // No keyType: it is of this curve alone.
  "aws-kms": {
    needed: ["region", "kmsKeyId"],
    optional: ["authenticationMode", "accessKeyId", "secretAccessKey", "sessionToken", "endpointOverride"],
  },
};

/** Options of Web3Signer 26.4 that a settings file of ours may have. */
const OPTIONS = [
  ...["http-listen-host", "http-listen-port", "http-host-allowlist", "key-config-path", "logging"],
  ...["metrics-enabled", "metrics-host", "metrics-port", "metrics-host-allowlist", "tls-keystore-file"],
  ...["tls-keystore-password-file", "tls-known-clients-file", "tls-allow-ca-clients", "tls-allow-any-client"],
  ...["eth1.chain-id", "eth1.downstream-http-host", "eth1.downstream-http-port", "eth1.downstream-http-path"],
];

describe("network/keys", () => {
  const files = readdirSync(new URL("web3signer/keys/", FOLDER));

  it("has an example of every kind of key that Web3Signer keeps on this curve", () => {
    expect(files.toSorted()).to.deep.equal(
      Object.keys(MEMBERS)
        .map((type) => `${type}.yaml`)
        .toSorted(),
    );
  });

  for (const file of files) {
    it(`${file} is YAML with the members that its type has, and no others`, () => {
      const { type, ...members } = parse(read(`web3signer/keys/${file}`)) as Record<string, unknown>;
      expect(`${type}.yaml`).to.equal(file);
      const { needed, optional } = MEMBERS[type as string] ?? { needed: [], optional: [] };
      for (const name of needed) expect(members, name).to.have.property(name);
      for (const name of Object.keys(members)) expect([...needed, ...optional]).to.include(name);
      if (members.keyType !== undefined) expect(members.keyType).to.equal("SECP256K1");
    });
  }

  it("has a service that asks callers for certificates, with options that there are", () => {
    const settings = parse(read("web3signer/config.yaml")) as Record<string, unknown>;
    for (const name of Object.keys(settings)) expect(OPTIONS).to.include(name);
    expect(settings).to.include.keys("tls-keystore-file", "tls-known-clients-file", "http-host-allowlist");
    expect(settings["http-host-allowlist"]).not.to.include("*");
    expect(settings["http-listen-host"]).not.to.equal("0.0.0.0");
  });

  it("has settings for tokens as this program reads them", () => {
    for (const file of readdirSync(new URL("tokens/", FOLDER))) {
      const lines = read(`tokens/${file}`).split("\n");
      const pairs = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(/=(.*)/s));
      const config = readConfig({}, Object.fromEntries(pairs));
      expect(config.operatorKey, file).to.have.nested.property("inToken.label", "operator");
    }
  });

  it("names every file on its page", () => {
    const page = read("README.md");
    for (const file of [...files, ...readdirSync(new URL("tokens/", FOLDER))]) expect(page).to.contain(file);
  });

  it("can keep a key file as this program encrypts it: Web3 Secret Storage, version 3", async () => {
    const folder = mkdtempSync(join(tmpdir(), "brop-keystore-"));
    try {
      const { address } = await new KeyStore(folder).create("operator", { password: "only for this test" });
      const file = JSON.parse(readFileSync(join(folder, "operator.json"), "utf8"));
      expect(file.version).to.equal(3);
      expect(`0x${file.address}`.toLowerCase()).to.equal(address.toLowerCase());
      const { kdf, cipher, mac } = file.Crypto ?? file.crypto;
      expect([kdf, cipher]).to.deep.equal(["scrypt", "aes-128-ctr"]);
      expect(mac).to.match(/^[0-9a-f]{64}$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(20_000);
});
