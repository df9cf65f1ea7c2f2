import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Interface, Wallet } from "ethers";
import { abi } from "../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { isPossessionProof, provePossession } from "../../src/network/node-key.ts";
import type { CouncilProposal } from "../../src/network/proposals.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";
import { snapshot } from "./support/snapshot.ts";

describe("brop network init, run again", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = workshop();
  });
  afterEach(() => shop.remove());

  it("changes nothing", async () => {
    await shop.init(consortiumOf());
    const before = snapshot(shop.directory);
    const { founded, made } = await shop.init(consortiumOf());
    expect({ founded, made }).to.deep.equal({ founded: false, made: [] });
    expect(snapshot(shop.directory)).to.deep.equal(before);
  });

  it("makes a new partner's package alone, which knows all the others", async () => {
    const content = consortiumOf();
    await shop.init(content);
    const before = snapshot(join(shop.directory, "packages"));
    const { made, votes } = await shop.init({ ...content, fullNodes: [...content.fullNodes, entry("clinic", 61)] });
    expect({ made, votes }).to.deep.equal({ made: ["clinic"], votes: [] });
    expect(snapshot(join(shop.directory, "packages"))).to.deep.include(before);
    const folders = await shop.unpacked();
    const peers = JSON.parse(readFileSync(join(folders.clinic as string, "config/static-nodes.json"), "utf8"));
    expect(peers).to.have.length(6);
    const genesis = readFileSync(join(folders.clinic as string, "config/genesis.json"), "utf8");
    expect(genesis).to.equal(readFileSync(join(shop.directory, "genesis.json"), "utf8"));
  });

  it("makes a new validator's package and the proposal for Council, with the key's proof", async () => {
    const content = consortiumOf();
    await shop.init(content);
    content.validators.push(entry("validator-5", 5, { seat: "generate" }));
    const { made, votes, record } = await shop.init(content);
    expect(made).to.deep.equal(["validator-5"]);
    const proposal = JSON.parse(readFileSync(votes[0]?.path as string, "utf8")) as CouncilProposal;
    const node = record.nodes.find(({ name }) => name === "validator-5");
    const seat = node?.seat?.address as string;
    expect(proposal.calls.map(({ target }) => target)).to.deep.equal([
      SYSTEM_ADDRESSES.Council,
      SYSTEM_ADDRESSES.Admission,
      SYSTEM_ADDRESSES.ValidatorSet,
    ]);
    const added = new Interface(abi.ValidatorSet).decodeFunctionData("add", proposal.calls[2]?.data as string);
    expect([added[0], added[1]]).to.deep.equal([seat, node?.address]);
    expect(isPossessionProof(added[2], node?.address as string, seat, 84_299)).to.equal(true);
    expect(isPossessionProof(added[2], node?.address as string, seat, 84_300)).to.equal(false);
    // The genesis stays: the new one is none of the first.
    const before = snapshot(shop.directory);
    await shop.init(content);
    expect(snapshot(shop.directory)).to.deep.equal(before);
  });

  it("waits for the proof of a new validator whose key is elsewhere, and takes no false one", async () => {
    const content = consortiumOf();
    await shop.init(content);
    const wallet = Wallet.createRandom();
    const seat = Wallet.createRandom().address;
    const key = { publicKey: `0x${wallet.signingKey.publicKey.slice(4)}` };
    content.validators.push(entry("validator-5", 5, { seat, key }));
    expect((await shop.init(content)).votes).to.deep.equal([{ node: "validator-5", about: "admit", path: undefined }]);

    const proof = await provePossession(wallet.privateKey, seat, 84_299);
    const withProof = (given: string) => ({
      ...content,
      validators: [...content.validators.slice(0, 4), entry("validator-5", 5, { seat, key, proof: given })],
    });
    const elsewhere = await provePossession(wallet.privateKey, seat, 1);
    expect((await rejection(shop.init(withProof(elsewhere))))?.code).to.equal("network.file-invalid");
    const [vote] = (await shop.init(withProof(proof))).votes;
    expect(existsSync(vote?.path as string)).to.equal(true);
  });

  it("proposes a new access node's relay to Council", async () => {
    const content = consortiumOf(1);
    await shop.init(content);
    content.accessNodes.push(entry("access-2", 51, { relay: "generate", platformPort: 31_701 }) as never);
    const { votes } = await shop.init(content);
    const proposal = JSON.parse(readFileSync(votes[0]?.path as string, "utf8")) as CouncilProposal;
    expect(proposal.calls.map(({ target }) => target)).to.deep.equal([SYSTEM_ADDRESSES.Admission]);
  });

  it("refuses what block 0 or a package does not allow any more, all at once, and changes nothing", async () => {
    const content = consortiumOf();
    await shop.init(content);
    const before = snapshot(shop.directory);
    const changed = {
      ...content,
      network: { name: "trial", chainId: 5, blockGasLimit: 30_000_000 },
      regulators: [Wallet.createRandom().address],
      fullNodes: [{ ...entry("partner", 60), memory: "8g" }],
      accessNodes: [entry("validator-1", 50, { relay: "generate" })],
      validators: content.validators.slice(1),
    };
    const error = await rejection(shop.init(changed));
    const lines = String(error?.details.lines);
    expect(error?.code).to.equal("network.file-invalid");
    expect(lines).to.match(/network\.chainId is 5 and was 84299: block 0 never changes/);
    expect(lines).to.match(/network\.blockGasLimit is 30000000/);
    expect(lines).to.match(/regulators/);
    expect(lines).to.match(/fullNodes\[0\]\.memory is "8g" and was "2g".*--remake/);
    expect(lines).to.match(/is "access" and was "validator"/);
    expect(snapshot(shop.directory)).to.deep.equal(before);
  });

  it("proposes to remove the validators and relays that are in the file no more, and leaves their packages", async () => {
    const content = consortiumOf();
    const { record } = await shop.init(content);
    const before = snapshot(shop.directory);
    const less = { ...content, validators: content.validators.slice(1), fullNodes: [], accessNodes: [] };
    const { gone, made, votes } = await shop.init(less);
    expect(gone).to.deep.equal(["validator-1", "partner", "access-1"]);
    expect(made).to.deep.equal([]);
    expect(votes.map(({ node, about }) => `${about} ${node}`)).to.deep.equal(["remove validator-1", "remove access-1"]);
    const [first, second] = votes.map(
      ({ path }) => JSON.parse(readFileSync(path as string, "utf8")) as CouncilProposal,
    );
    expect(first?.calls.map(({ target }) => target)).to.deep.equal([
      SYSTEM_ADDRESSES.ValidatorSet,
      SYSTEM_ADDRESSES.Council,
      SYSTEM_ADDRESSES.Admission,
    ]);
    expect(first?.calls[0]?.data).to.contain(record.nodes[0]?.address.slice(2).toLowerCase());
    expect(second?.calls.map(({ target }) => target)).to.deep.equal([SYSTEM_ADDRESSES.Admission]);
    expect(snapshot(shop.directory)).to.deep.include(before);
    const after = snapshot(shop.directory);
    await shop.init(less);
    expect(snapshot(shop.directory)).to.deep.equal(after);
  });

  it("makes the same package of the same inputs, byte by byte", async () => {
    await shop.init(consortiumOf(1));
    const digests = (folder: string) =>
      Object.fromEntries(Object.entries(snapshot(folder)).map(([path, value]) => [path, value.split(" ")[0]]));
    const before = digests(shop.directory);
    const { made } = await shop.init(consortiumOf(1), { remake: true });
    expect(made).to.have.length(3);
    expect(digests(shop.directory)).to.deep.equal(before);
  });

  it("with --remake takes changed addresses, and keeps every key", async () => {
    const content = consortiumOf(1);
    await shop.init(content);
    const keysOf = async () =>
      Object.entries(await shop.unpacked()).map(([name, folder]) => [
        name,
        readFileSync(join(folder, "keys/node.key"), "utf8"),
      ]);
    const before = await keysOf();
    content.validators = [{ ...entry("validator-1", 7, { seat: "generate" }), host: "10.9.8.7" }];
    await shop.init(content, { remake: true });
    expect(await keysOf()).to.deep.equal(before);
    const folders = await shop.unpacked();
    expect(readFileSync(join(folders.partner as string, "config/static-nodes.json"), "utf8")).to.contain(
      "@10.9.8.7:31307",
    );
    expect(readFileSync(join(folders["validator-1"] as string, "config/besu.toml"), "utf8")).to.contain(
      'p2p-host = "10.9.8.7"',
    );
  });

  it("with --remake does not lose a key: it refuses when the package that alone has it is gone", async () => {
    await shop.init(consortiumOf(1));
    const before = snapshot(shop.directory);
    const archive = join(shop.directory, "packages/partner.tar.gz");
    rmSync(archive);
    delete before[archive];
    expect((await rejection(shop.init(consortiumOf(1), { remake: true })))?.code).to.equal("data.damaged");
    expect(snapshot(shop.directory)).to.deep.equal(before);
  });
});
