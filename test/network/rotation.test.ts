import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Interface, Wallet } from "ethers";
import { abi } from "../../generated/abi.ts";
import { createNodeKey, identityOf, isPossessionProof, provePossession } from "../../src/network/node-key.ts";
import { readPacked } from "../../src/network/package/archive.ts";
import type { CouncilProposal } from "../../src/network/proposals.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, type Workshop, workshop } from "./support/consortium-file.ts";
import { snapshot } from "./support/snapshot.ts";

const CHAIN_ID = 84_299;
const sets = new Interface(abi.ValidatorSet);

describe("brop network init, with keys that are replaced", function () {
  this.timeout(60_000);
  let shop: Workshop;
  const content = consortiumOf(4);

  before(async () => {
    shop = workshop();
    await shop.init(content);
  });
  after(() => shop.remove());

  const rotate = (keys: string[], relays: string[] = []) => shop.init(content, { rotating: { keys, relays } });
  const keyIn = (archive: string, name: string) => readPacked(archive, name, "keys/node.key");
  const read = (path: string | undefined) => JSON.parse(readFileSync(path as string, "utf8")) as CouncilProposal;

  it("makes a validator another key in a file, keeps its seat's and the package with the old one, and proposes the change", async () => {
    const { record: before, folder } = await shop.init(content);
    const old = before.nodes[1];
    const oldKey = await keyIn(folder.package("validator-2"), "validator-2");
    const seatKey = await readPacked(folder.package("validator-2"), "validator-2", "keys/validator-2-seat.json");
    const other = readFileSync(folder.package("validator-3"));
    const { record, made, votes } = await rotate(["validator-2"]);
    const now = record.nodes[1];
    expect(made).to.deep.equal(["validator-2"]);
    expect([now?.name, now?.seat]).to.deep.equal(["validator-2", old?.seat]);
    const key = (await keyIn(folder.package("validator-2"), "validator-2")) as string;
    expect(identityOf(key.trim()).address).to.equal(now?.address).and.not.to.equal(old?.address);
    expect(await keyIn(folder.former("validator-2", old?.address as string), "validator-2")).to.equal(oldKey);
    expect(await readPacked(folder.package("validator-2"), "validator-2", "keys/validator-2-seat.json")).to.equal(
      seatKey,
    );
    expect(readFileSync(folder.package("validator-3")).equals(other)).to.equal(true);

    expect(votes.map(({ node, about }) => `${about} ${node}`)).to.deep.equal(["rotate validator-2"]);
    const [call] = read(votes[0]?.path).calls;
    const [from, to, proof] = sets.decodeFunctionData("rotate", call?.data as string);
    expect([from, to]).to.deep.equal([old?.address, now?.address]);
    expect(isPossessionProof(proof, to, now?.seat?.address as string, CHAIN_ID)).to.equal(true);

    const after = snapshot(shop.directory);
    const again = await shop.init(content);
    expect(again.made).to.deep.equal([]);
    expect(snapshot(shop.directory)).to.deep.equal(after);
  });

  it("moves a validator's key into a token, when the file names it and its owner has proven to have it", async () => {
    const privateKey = createNodeKey();
    const { publicKey, address } = identityOf(privateKey);
    const hsm = { library: "/usr/lib/softhsm/libsofthsm2.so", slot: 3, alias: "validator 3" };
    Object.assign(content.validators[2] as object, { key: { publicKey, hsm } });
    expect(String((await rejection(shop.init(content)))?.details.lines)).to.match(
      /another key comes with --rotate-key/,
    );
    const { record, votes, folder } = await rotate(["validator-3"]);
    expect(votes.at(-1)).to.deep.equal({ node: "validator-3", about: "rotate", path: undefined });
    expect(await keyIn(folder.package("validator-3"), "validator-3")).to.equal(undefined);
    expect(await readPacked(folder.package("validator-3"), "validator-3", "config/hsm.cfg")).to.contain("slot = 3");

    const seat = record.nodes[2]?.seat?.address as string;
    Object.assign(content.validators[2] as object, { proof: await provePossession(createNodeKey(), seat, CHAIN_ID) });
    expect((await rejection(shop.init(content)))?.code).to.equal("network.file-invalid");
    Object.assign(content.validators[2] as object, { proof: await provePossession(privateKey, seat, CHAIN_ID) });
    const proven = (await shop.init(content)).votes.at(-1);
    expect(sets.decodeFunctionData("rotate", read(proven?.path).calls[0]?.data as string)[1]).to.equal(address);
  });

  it("replaces a relay by two proposals, and a partner's node key by none", async () => {
    const next = Wallet.createRandom().address;
    const { record: before } = await shop.init(content);
    const old = before.nodes.find(({ name }) => name === "access-1")?.relay?.address as string;
    Object.assign(content.accessNodes[0] as object, { relay: next });
    const { record, votes, made } = await rotate(["partner"], ["access-1"]);
    expect(made).to.have.members(["partner", "access-1"]);
    expect(record.nodes.find(({ name }) => name === "access-1")?.relay).to.deep.equal({
      address: next,
      generated: false,
    });
    const [admit, remove] = votes.slice(-2);
    expect([admit?.about, remove?.about]).to.deep.equal(["admit", "remove"]);
    expect(read(admit?.path).calls[0]?.data).to.contain(next.slice(2).toLowerCase());
    expect(read(remove?.path).calls[0]?.data).to.contain(old.slice(2).toLowerCase());
    expect(votes.some(({ node }) => node === "partner")).to.equal(false);
  });

  it("refuses what can not be replaced, all at once, and changes nothing", async () => {
    const before = snapshot(shop.directory);
    const error = await rejection(rotate(["validator-3", "nobody"], ["access-1", "validator-1"]));
    const lines = String(error?.details.lines);
    expect(error?.code).to.equal("network.file-invalid");
    expect(lines).to.match(/validator-3 key is the key that it has: put the new public key into the file first/);
    expect(lines).to.match(/nobody key can not be replaced: there is no such node/);
    expect(lines).to.match(/access-1 relay is the relay that it has/);
    expect(lines).to.match(/validator-1 relay is not there: only access nodes have one/);
    expect(snapshot(shop.directory)).to.deep.equal(before);
    expect(existsSync(join(shop.directory, ".staging"))).to.equal(false);
  });
});
