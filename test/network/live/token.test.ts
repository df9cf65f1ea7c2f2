import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Contract, type Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { createTokenKey, slotOf, type TokenKey } from "../../../src/chain/signing/token/token-key.ts";
import { TokenSigner } from "../../../src/chain/signing/token/token-signer.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { readPkcs11Uri } from "../../../src/core/pkcs11-uri.ts";
import { provePossession } from "../../../src/network/node-key.ts";
import { makeSoftToken, type SoftToken, whyNoToken } from "../../support/soft-token.ts";
import { consortiumOf } from "../support/consortium-file.ts";
import { type LiveNetwork, liveNetwork, liveObstacle, until } from "../support/live-network.ts";

const MINUTES = 60_000;

/** Why no validator with its key in a token can be run here; undefined when one can. */
function obstacle(): string | undefined {
  if (!process.env.BESU_HSM_PLUGIN) return "BESU_HSM_PLUGIN (the jar of besu-eth/besu-hsm-plugin) is not set";
  return liveObstacle() ?? whyNoToken();
}

describe("a validator with its key in a token, of four", function () {
  this.timeout(15 * MINUTES);
  let token: SoftToken | undefined;
  let network: LiveNetwork | undefined;
  let key: TokenKey;
  const content = consortiumOf(4);

  before(async function () {
    const reason = obstacle();
    if (reason !== undefined) {
      console.log(`    ${reason}`);
      this.skip();
    }
    token = makeSoftToken("live");
    const uri = readPkcs11Uri(token.uri("validator 1"));
    key = await createTokenKey(uri);
    const hsm = { library: token.module, slot: await slotOf(uri), alias: uri.label };
    content.network.council = { delayBlocks: 1, lifetimeBlocks: 10_000 };
    content.fullNodes = [];
    content.accessNodes = [];
    Object.assign(content.validators[0] as object, { key: { publicKey: key.publicKey, hsm } });
    for (const validator of content.validators) Object.assign(validator, { memory: "512m" });
    network = await liveNetwork(content, { hsmPlugin: process.env.BESU_HSM_PLUGIN as string });
    const keys = join(network.folder("validator-1"), "keys");
    mkdirSync(keys, { mode: 0o700, recursive: true });
    writeFileSync(join(keys, "hsm-pin"), readFileSync(token.pinFile), { mode: 0o600 });
    for (const node of network.nodes()) node.start();
  });
  after(async () => {
    network?.close();
    token?.remove();
  });

  it("connects to the others, which needs its key to agree on secrets, and proposes and seals blocks", async () => {
    const live = network as LiveNetwork;
    const node = live.node("validator-1");
    await node.reaches(9);
    await live.node("validator-2").reaches(9);
    expect(Number(await node.provider.send("net_peerCount", []))).to.be.greaterThan(0);
    const sealedBy = new Set<string>();
    const miners = new Set<string>();
    for (let block = 2; block <= 9; block++) {
      const { seals } = await live.node("validator-2").provider.send("brop_seals", [block]);
      for (const { signer } of seals as { signer: string }[]) sealedBy.add(signer.toLowerCase());
      miners.add((await live.node("validator-2").provider.getBlock(block))?.miner.toLowerCase() ?? "");
    }
    expect(miners, "proposers").to.include(key.address.toLowerCase());
    expect(sealedBy, "seals").to.include(key.address.toLowerCase());
  });

  it("is joined by another one, whose key moves from a file into the token by Council's decision", async () => {
    const live = network as LiveNetwork;
    const soft = token as SoftToken;
    const seats = await Promise.all(
      [1, 2, 3].map((number) => live.holder(`validator-${number}`, "keys", `validator-${number}-seat`)),
    );
    const uri = readPkcs11Uri(soft.uri("validator 2"));
    const next = await createTokenKey(uri);
    const signer = await TokenSigner.open(uri);
    const hsm = { library: soft.module, slot: await slotOf(uri), alias: uri.label };
    const seat = (await live.holder("validator-2", "keys", "validator-2-seat")).address;
    const proof = await provePossession(signer, seat, content.network.chainId as number);
    Object.assign(content.validators[1] as object, { key: { publicKey: next.publicKey, hsm }, proof });
    const { calls, reason } = await live.rotate(content, "validator-2");

    const { provider } = live.node("validator-3");
    const council = new Contract(SYSTEM_ADDRESSES.Council, abi.Council, provider);
    const validators = new Contract(SYSTEM_ADDRESSES.ValidatorSet, abi.ValidatorSet, provider);
    const act = async (wallet: Wallet | undefined, name: string, ...values: unknown[]) => {
      const own = council.connect(wallet?.connect(provider) ?? null) as Contract;
      const sent = await own.getFunction(name)(...values, { gasPrice: 0, type: 0, gasLimit: 2_000_000 });
      expect((await sent.wait())?.status, name).to.equal(1);
    };
    const plain = calls.map(({ target, data }) => ({ target, data }));
    await act(seats[0], "propose", plain, reason);
    await act(seats[1], "vote", 1);
    await act(seats[2], "vote", 1);
    await live.node("validator-3").reaches((await live.node("validator-3").height()) + 3);
    await act(seats[0], "execute", 1, plain);
    expect(await validators.getFunction("getValidators")()).to.include(next.address);

    const node = live.node("validator-2");
    node.stop();
    const keys = join(live.folder("validator-2"), "keys");
    rmSync(join(keys, "node.key"));
    writeFileSync(join(keys, "hsm-pin"), readFileSync(soft.pinFile), { mode: 0o600 });
    node.start();
    const start = await live.node("validator-3").height();
    await live.node("validator-3").reaches(start + 2);
    await node.reaches(start + 2);
    await until("a block of the new key", async () => {
      const height = await live.node("validator-3").height();
      const blocks = await Promise.all([0, 1, 2, 3].map((back) => provider.getBlock(height - back)));
      return blocks.some((block) => block?.miner === next.address);
    });
  });

  it("has no key file, and its log holds neither PIN nor key", () => {
    const live = network as LiveNetwork;
    const log = live.node("validator-1").log();
    expect(log).to.contain("HSM").and.not.to.contain("2718");
  });
});
