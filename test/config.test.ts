import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Config, readConfig, SETTINGS } from "../src/config.ts";
import { BropError } from "../src/core/errors.ts";

const KEY = `0x${"a1".repeat(32)}`;

describe("settings", () => {
  it("have a default for everything that is needed, with nothing given", () => {
    expect(readConfig({}, {})).to.deep.equal({
      data: "./data",
      port: 8420,
      host: "127.0.0.1",
      role: "all",
      chainId: 8420,
      blockTime: 3,
      rpcUrl: undefined,
      databaseUrl: undefined,
      operatorKey: undefined,
      seatKey: undefined,
      operatorConfirmation: false,
      relayKeys: undefined,
      relays: undefined,
      anchorKeys: undefined,
      batchBlocks: 5,
      trust: undefined,
      keyPassword: undefined,
      signerUrl: undefined,
      signerTimeout: 10,
      signerCertificate: undefined,
      signerKey: undefined,
      signerAuthority: undefined,
      apiKey: undefined,
      publicUrl: undefined,
      trustedProxies: undefined,
      anonymousRate: 3_000,
      keyRate: 12_000,
      tsaCertificate: undefined,
      tsaKey: undefined,
      tsaPolicy: "1.3.6.1.4.1.32473.8420",
      tsaAccuracy: 1_000,
      tsaDrift: 5,
      tsaRate: 3_000,
      timestampUrl: undefined,
      timestampTrust: undefined,
      timestampInterval: 3_600,
      drainDelay: 0,
      privateReceivers: undefined,
      files: undefined,
      fileLimit: 64 * 2 ** 30,
      fileQuota: 100 * 2 ** 30,
      fileReserve: 2 ** 30,
      uploadHours: 168,
      scrubDays: 30,
      s3Url: undefined,
      s3Region: "us-east-1",
      s3Key: undefined,
      s3Secret: undefined,
      logLevel: "info",
      log: "file",
      besuHome: undefined,
    } satisfies Config);
  });

  it("are taken from the option first, then from the environment, then from the default", () => {
    const environment = { BROP_PORT: "9000", BROP_DATA: "elsewhere" };
    const config = readConfig({ port: "9001" }, environment);
    expect(config.port).to.equal(9001);
    expect(config.data).to.equal("elsewhere");
    expect(config.blockTime).to.equal(3);
  });

  it("take an empty variable as not given", () => {
    expect(readConfig({}, { BROP_PORT: "", DATABASE_URL: "" })).to.include({ port: 8420, databaseUrl: undefined });
  });

  it("refuse what is not valid, naming the option or the variable, the value and what it must be", () => {
    const cases: [Parameters<typeof readConfig>[0], NodeJS.ProcessEnv, string, string][] = [
      [{ port: "65536" }, {}, "--port", "from 0 to 65535"],
      [{ port: "80a" }, {}, "--port", "whole number"],
      [{ port: "-1" }, {}, "--port", "whole number"],
      [{}, { BROP_FILE_LIMIT: "5 GB" }, "BROP_FILE_LIMIT", "number of bytes"],
      [{}, { BROP_FILE_QUOTA: "9999999TiB" }, "BROP_FILE_QUOTA", "number of bytes"],
      [{}, { BROP_BLOCK_TIME: "0" }, "BROP_BLOCK_TIME", "from 1"],
      [{ role: "king" }, {}, "--role", "all, chain, access, indexer, push, uplink, api"],
      [{}, { BROP_RPC_URL: "localhost:8545" }, "BROP_RPC_URL", "http://"],
      [{}, { LOG_LEVEL: "loud" }, "LOG_LEVEL", "info"],
    ];
    for (const [flags, environment, setting, reason] of cases) {
      const error = refusal(() => readConfig(flags, environment));
      expect(error.code).to.equal("configuration.invalid");
      expect(error.details.setting).to.equal(setting);
      expect(error.details.reason, setting).to.contain(reason);
      expect(error.details.value).to.equal(Object.values<string>({ ...flags })[0] ?? Object.values(environment)[0]);
    }
  });

  it("never show a secret, not even a mistyped one", () => {
    for (const [variable, secret] of [
      ["BROP_RELAY_KEYS", `${KEY}0`],
      ["BROP_RELAY_KEYS", `${KEY},${KEY}0`],
      ["BROP_OPERATOR_KEY", `${KEY}0`],
      ["BROP_WEB3SIGNER", "ftp://brop:hunter2@host"],
      ["DATABASE_URL", "mysql://brop:hunter2@host/brop"],
    ] as const) {
      const error = refusal(() => readConfig({}, { [variable]: secret }));
      expect(error.details.setting).to.equal(variable);
      expect(JSON.stringify(error.toProblem())).not.to.match(/a1a1|hunter2/);
    }
  });

  it("tell a private key from the address or public key of a key at Web3Signer", () => {
    const [address, publicKey] = [`0x${"b2".repeat(20)}`, `0x${"c3".repeat(64)}`];
    const { operatorKey, relayKeys } = readConfig(
      {},
      { BROP_OPERATOR_KEY: address, BROP_RELAY_KEYS: `${KEY}, ${publicKey}` },
    );
    expect(operatorKey).to.deep.equal({ atSigner: address });
    expect(relayKeys).to.deep.equal([{ privateKey: KEY }, { atSigner: publicKey }]);
  });

  it("take a secret from a file, where the variable with _FILE names one, and nothing else from files", () => {
    const folder = mkdtempSync(join(tmpdir(), "brop-config-"));
    const file = join(folder, "secret");
    try {
      writeFileSync(file, "postgres://brop:tea@127.0.0.1/brop\n");
      const url = "postgres://brop:tea@127.0.0.1/brop";
      expect(readConfig({}, { DATABASE_URL_FILE: file }).databaseUrl).to.equal(url);
      const given = { DATABASE_URL: "postgres://other@127.0.0.1/brop", DATABASE_URL_FILE: file };
      expect(readConfig({}, given).databaseUrl).to.equal(given.DATABASE_URL);
      expect(readConfig({}, { BROP_DATA_FILE: file }).data).to.equal("./data");
      const missing = { BROP_KEY_PASSWORD_FILE: join(folder, "none") };
      expect(() => readConfig({}, missing))
        .to.throw(BropError)
        .that.has.nested.property("details.setting", "BROP_KEY_PASSWORD_FILE");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("have no option where they are secret", () => {
    for (const setting of Object.values(SETTINGS)) {
      if (setting.secret) expect(setting.flag, setting.environment).to.equal(undefined);
    }
  });
});

describe("docs/configuration.md", () => {
  const text = readFileSync(new URL("../docs/configuration.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `") && line.split("|").length === 6);

  it("lists exactly the settings of the code, with their options, defaults and descriptions", () => {
    const expected = Object.values(SETTINGS).map(({ environment, flag, placeholder, fallback, description }) => {
      const option = flag === undefined ? "-" : `\`${flag} ${placeholder}\``;
      return `| \`${environment}\` | ${option} | ${fallback ? `\`${fallback}\`` : "-"} | ${description} |`;
    });
    expect(rows).to.deep.equal(expected);
  });
});

function refusal(work: () => unknown): BropError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(BropError);
    return error as BropError;
  }
  throw new Error("It was not refused");
}
