import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Contract, JsonRpcProvider } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { deploy } from "../../../scripts/deployment/deploy.ts";
import { scriptKey } from "../../../scripts/deployment/script-keys.ts";
import { type DevChain, startDevChain } from "../../../src/chain/dev-chain.ts";
import { KeyStore } from "../../../src/chain/key-store.node.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { readConfig } from "../../../src/config.ts";
import { identityOf } from "../../../src/network/node-key.ts";
import { unpack } from "../../../src/network/package/archive.ts";
import { networkFolder, requireRecord } from "../../../src/network/record.ts";
import { startFakeWeb3Signer } from "../../chain/signing/fake-web3-signer.ts";
import { brop } from "../../cli/support/brop.ts";
import { LONG_RUN } from "../../support/long-run.ts";
import { rejection } from "../../support/rejection.ts";
import { consortiumOf, type Workshop, workshop } from "../support/consortium-file.ts";
import { follow, type Site } from "./runbook.ts";

const CHAIN_ID = 84_299;
/** `IAdmission.Kind`. */
const [NONE, OPERATOR, RELAY] = [0n, 1n, 3n];

describe("docs/operations: keys are replaced as the pages say", function () {
  this.timeout(120_000);
  let shop: Workshop;
  let site: Site;
  let chain: DevChain;
  let provider: JsonRpcProvider;
  let keys: KeyStore;
  const record = () => requireRecord(networkFolder(join(shop.root, "my-network")));
  const node = (name: string) => {
    const found = record().nodes.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  };
  const at = (name: "ValidatorSet" | "Admission" | "AccessManager") =>
    new Contract(SYSTEM_ADDRESSES[name], abi[name], provider);

  before(async () => {
    shop = workshop();
    const content = consortiumOf(4);
    content.network.council = { delayBlocks: 1, lifetimeBlocks: 1_000 };
    await shop.init(content);
    renameSync(shop.directory, join(shop.root, "my-network"));
    const packages = join(shop.root, "my-network/packages");
    const machine = join(shop.root, "machine");
    for (const { name } of record().nodes) await unpack(join(packages, `${name}.tar.gz`), machine);

    const folder = shop.root;
    mkdirSync(join(folder, "data/keys"), { recursive: true, mode: 0o700 });
    copyFileSync(join(folder, "my-network/keys/operator.json"), join(folder, "data/keys/operator.json"));
    for (const number of [1, 2, 3]) {
      const key = join(machine, `validator-${number}/keys/validator-${number}-seat.json`);
      copyFileSync(key, join(folder, `data/keys/seat-${number}.json`));
    }
    keys = new KeyStore(join(folder, "data/keys"));
    const { alloc } = JSON.parse(readFileSync(join(folder, "my-network/genesis.json"), "utf8"));
    chain = await startDevChain({ genesis: alloc, blockTime: 1, chainId: CHAIN_ID });
    provider = new JsonRpcProvider(chain.url, CHAIN_ID, {
      staticNetwork: true,
      pollingInterval: 100,
      cacheTimeout: -1,
    });
    site = { folder, url: chain.url, machine, packages, plugin: shop.plugin };
  });
  after(async () => {
    provider?.destroy();
    await chain?.stop();
    shop?.remove();
  });

  it("first, the operator's key at Web3Signer deploys the platform, named by its address alone", async () => {
    const { address, privateKey } = await keys.wallet("operator");
    const web3Signer = await startFakeWeb3Signer({ privateKeys: [privateKey] });
    try {
      const named = { BROP_OPERATOR_KEY: address };
      const nowhere = await rejection(scriptKey("operatorKey", provider, readConfig({}, named)));
      expect(nowhere?.code).to.equal("configuration.invalid");
      expect(await scriptKey("seatKey", provider, readConfig({}, named))).to.equal(undefined);
      const settings = readConfig({}, { ...named, BROP_WEB3SIGNER: web3Signer.url });
      const operator = await scriptKey("operatorKey", provider, settings);
      if (operator === undefined) throw new Error("no signer");
      const { deployed } = await deploy(operator);
      operator.close();
      expect(deployed.length).to.be.greaterThan(10);
      expect(web3Signer.signed).to.have.length(await provider.getTransactionCount(address));
    } finally {
      await web3Signer.stop();
    }
  });

  it("a validator's: Council agrees, the node's folder has the new key, the chain knows it under that address", async () => {
    const before = node("validator-2");
    await follow(site, "rotate-validator-key.md");
    const now = node("validator-2");
    expect(now.address).not.to.equal(before.address);
    const validators: string[] = await at("ValidatorSet").getFunction("getValidators")();
    expect(validators).to.have.length(4).and.to.include(now.address).and.not.to.include(before.address);
    expect(await at("ValidatorSet").getFunction("seatOf")(now.address)).to.equal(before.seat?.address);
    const installed = readFileSync(join(site.machine, "validator-2/keys/node.key"), "utf8").trim();
    expect(identityOf(installed).address).to.equal(now.address);
    expect(existsSync(join(site.packages, `validator-2-${before.address}.tar.gz`))).to.equal(true);
  });

  it("a relay's: the new one is admitted beside the old one, then the old one is removed", async function () {
    // A dozen commands, each a process of its own: the two others say that pages are followed at all.
    if (!LONG_RUN) this.skip();
    const before = node("access-1").relay?.address as string;
    const sender = async (address: string) => (await at("Admission").getFunction("senderOf")(address)).kind;
    // The page's own key, which the operator puts into the file by hand.
    const edit = (address: string) => {
      const content = readFileSync(shop.file, "utf8");
      writeFileSync(shop.file, content.replace(/relay: \S+/, `relay: "${address}"`));
    };
    await follow(site, "rotate-relay-key.md", ["1."]);
    const next = (await keys.get("relay-next")).address;
    edit(next);
    await follow(site, "rotate-relay-key.md", ["2.", "3.", "4."]);
    expect(node("access-1").relay).to.deep.equal({ address: next, generated: false });
    expect([await sender(next), await sender(before)]).to.deep.equal([RELAY, NONE]);
  });

  it("the operator's: the new key acts, and the old one is refused", async () => {
    const old = (await keys.get("operator")).address;
    await follow(site, "rotate-operator-key.md", ["1.", "2.", "3."]);
    const { address } = await keys.get("operator-next");
    const admission = at("Admission");
    expect((await admission.getFunction("senderOf")(address)).kind).to.equal(OPERATOR);
    expect((await admission.getFunction("senderOf")(old)).kind).to.equal(NONE);
    for (const role of [1n, 2n]) {
      const holds = async (holder: string) => (await at("AccessManager").getFunction("hasRole")(role, holder))[0];
      expect([await holds(address), await holds(old)]).to.deep.equal([true, false]);
    }

    writeFileSync(join(site.folder, "agreement.txt"), "What partners agree to.");
    await follow(site, "rotate-operator-key.md", ["4."]);
    const publish = ["operator", "publish", "partner-agreement", "agreement.txt", "--location", "https://a.example/"];
    const { code, stdout } = await brop([...publish, "--as", "operator", "--json"], {
      cwd: site.folder,
      environment: { BROP_RPC_URL: site.url },
    });
    expect(code).to.equal(1);
    expect(JSON.parse(stdout).error.code).to.be.oneOf(["access.denied", "sender.not-admitted"]);
  });
});
