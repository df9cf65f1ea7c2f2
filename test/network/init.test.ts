import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { AbiCoder, decodeRlp, Interface, keccak256, toBeHex, Wallet, ZeroHash } from "ethers";
import { abi } from "../../generated/abi.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { isPossessionProof, provePossession } from "../../src/network/node-key.ts";
import { unpack } from "../../src/network/package/archive.ts";
import type { CouncilProposal } from "../../src/network/votes.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";

/** Digest and time of every file below a folder. */
function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { mtimeMs } = statSync(path);
      return [path, `${createHash("sha256").update(readFileSync(path)).digest("hex")} ${mtimeMs}`];
    }),
  );
}

/** All files of a folder in one text, to look for secrets in. */
function everything(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1")).join("\n");
}

describe("brop network init", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = workshop();
  });
  afterEach(() => shop.remove());

  /** Unpacks every package, and answers its folder by name. */
  async function unpacked(): Promise<Record<string, string>> {
    const target = join(shop.root, "unpacked");
    rmSync(target, { recursive: true, force: true });
    const packages = join(shop.directory, "packages");
    const names = readdirSync(packages).filter((name) => name.endsWith(".tar.gz"));
    for (const name of names) await unpack(join(packages, name), target);
    return Object.fromEntries(names.map((name) => [name.slice(0, -7), join(target, name.slice(0, -7))]));
  }

  describe("genesis", () => {
    it("is QBFT with 3-second blocks, no fees, Osaka and the validators that ValidatorSet names", async () => {
      await shop.init(consortiumOf());
      const genesis = JSON.parse(readFileSync(join(shop.directory, "genesis.json"), "utf8"));
      expect(genesis.config).to.deep.include({ chainId: 84_299, osakaTime: 0, zeroBaseFee: true, londonBlock: 0 });
      expect(genesis.config.qbft).to.deep.include({
        blockperiodseconds: 3,
        validatorcontractaddress: SYSTEM_ADDRESSES.ValidatorSet,
      });
      expect(decodeRlp(genesis.extraData)).to.deep.equal([ZeroHash, [], [], "0x", []]);
    });

    it("has the development chain's allocation, with this consortium's operator, seats and relays in storage", async () => {
      const authority = Wallet.createRandom().address;
      const party = Wallet.createRandom().address;
      const content = { ...consortiumOf(), regulators: [authority] };
      const { record } = await shop.init({ ...content, operator: { address: "generate", admissionParties: [party] } });
      const validators = record.nodes.filter(({ kind }) => kind === "validator");
      const seats = validators.map(({ seat }) => seat?.address as string);
      const allocation = await genesisAllocation({
        chainId: 84_299,
        operator: record.operator.address,
        admissionParties: [party],
        regulators: [authority],
        seats,
        validators: validators.map(({ address }, index) => ({ seat: seats[index] as string, node: address })),
        relays: [record.nodes.find(({ kind }) => kind === "access")?.relay?.address as string],
      });
      const { alloc } = JSON.parse(readFileSync(join(shop.directory, "genesis.json"), "utf8"));
      for (const [address, account] of Object.entries(allocation)) {
        expect(alloc[address.slice(2).toLowerCase()], address).to.deep.equal(account);
      }
      expect(Object.keys(alloc)).to.have.length(Object.keys(allocation).length);
    });

    it("names the validators' nodes where Besu looks for them", async () => {
      const { record } = await shop.init(consortiumOf(3));
      const { alloc } = JSON.parse(readFileSync(join(shop.directory, "genesis.json"), "utf8"));
      const { storage } = alloc[SYSTEM_ADDRESSES.ValidatorSet.slice(2).toLowerCase()];
      expect(BigInt(storage[ZeroHash])).to.equal(3n);
      const first = BigInt(keccak256(ZeroHash));
      const nodes = record.nodes.filter(({ kind }) => kind === "validator").map(({ address }) => address);
      for (const [index, node] of nodes.entries()) {
        expect(storage[toBeHex(first + BigInt(index), 32)]).to.equal(toBeHex(node, 32));
      }
      expect(storage[toBeHex(1, 32)]).to.equal(
        keccak256(AbiCoder.defaultAbiCoder().encode(["uint64", "address[]"], [0, nodes])),
      );
    });

    it("is the same file in every package, and its digest is told", async () => {
      const { record } = await shop.init(consortiumOf());
      const folders = Object.values(await unpacked());
      expect(folders).to.have.length(6);
      for (const folder of folders) {
        const digest = createHash("sha256")
          .update(readFileSync(join(folder, "config/genesis.json")))
          .digest("hex");
        expect(digest).to.equal(record.genesisDigest);
        expect(readFileSync(join(folder, "README.md"), "utf8")).to.contain(record.genesisDigest);
      }
    });
  });

  describe("keys", () => {
    it("are in the package of their node alone, closed to others", async () => {
      await shop.init(consortiumOf());
      const folders = await unpacked();
      const secrets: [owner: string, key: string][] = [];
      for (const [name, folder] of Object.entries(folders)) {
        const path = join(folder, "keys/node.key");
        expect(statSync(path).mode & 0o777, path).to.equal(0o600);
        secrets.push([name, readFileSync(path, "utf8").trim().slice(2)]);
      }
      for (const [name, folder] of Object.entries(folders)) {
        const text = everything(folder);
        for (const [owner, key] of secrets)
          expect(text.includes(key), `${owner}'s key in ${name}`).to.equal(owner === name);
      }
      const outside = ["genesis.json", "network.json"]
        .map((file) => readFileSync(join(shop.directory, file), "utf8"))
        .join();
      for (const [owner, key] of secrets) expect(outside.includes(key), owner).to.equal(false);
      expect(new Set(secrets.map(([, key]) => key)).size).to.equal(6);
    });

    it("belong to the addresses and enodes that are told", async () => {
      const { record } = await shop.init(consortiumOf());
      const folders = await unpacked();
      for (const { name, address, publicKey, host, ports } of record.nodes) {
        const wallet = new Wallet(readFileSync(join(folders[name] as string, "keys/node.key"), "utf8").trim());
        expect(wallet.address).to.equal(address);
        const enode = `enode://${wallet.signingKey.publicKey.slice(4)}@${host}:${ports.p2p}`;
        expect(publicKey).to.equal(`0x${wallet.signingKey.publicKey.slice(4)}`);
        for (const other of record.nodes) {
          const peers = JSON.parse(
            readFileSync(join(folders[other.name] as string, "config/static-nodes.json"), "utf8"),
          );
          expect(peers.includes(enode), `${name} at ${other.name}`).to.equal(other.name !== name);
        }
      }
    });

    it("of seats and relays are made where the file says so, each for its node", async () => {
      const { record } = await shop.init(consortiumOf());
      const folders = await unpacked();
      const validator = record.nodes.find(({ name }) => name === "validator-2");
      const seat = await new KeyStore(join(folders["validator-2"] as string, "keys")).wallet("validator-2-seat");
      expect(seat.address).to.equal(validator?.seat?.address);
      const access = record.nodes.find(({ name }) => name === "access-1");
      const relay = await new KeyStore(join(folders["access-1"] as string, "services/keys")).wallet("relay-1");
      expect(relay.address).to.equal(access?.relay?.address);
      const operator = await new KeyStore(join(shop.directory, "keys")).wallet("operator");
      expect(operator.address).to.equal(record.operator.address);
    });

    it("of people are encrypted when there is a password", async () => {
      await shop.init(consortiumOf(1), { password: "correct horse" });
      const [operator] = await new KeyStore(join(shop.directory, "keys")).list();
      expect(operator?.encrypted).to.equal(true);
      const folders = await unpacked();
      const [relay] = await new KeyStore(join(folders["access-1"] as string, "services/keys")).list();
      expect(relay?.encrypted).to.equal(true);
    }).timeout(60_000);

    it("that others have made are never here", async () => {
      const own = Wallet.createRandom();
      const token = Wallet.createRandom();
      const publicKeyOf = (wallet: { signingKey: { publicKey: string } }) =>
        `0x${wallet.signingKey.publicKey.slice(4)}`;
      const hsm = { library: "/usr/lib/softhsm/libsofthsm2.so", slot: 3, alias: "validator key" };
      const jar = join(shop.root, "hsm.jar");
      writeFileSync(jar, "the HSM plugin");
      const { record } = await shop.init(
        {
          ...consortiumOf(0),
          validators: [
            entry("own", 1, { seat: "generate", key: { publicKey: publicKeyOf(own) } }),
            entry("token", 2, { seat: "generate", key: { publicKey: publicKeyOf(token), hsm } }),
          ],
        },
        { hsmPlugin: jar },
      );
      expect(record.nodes.slice(0, 2).map(({ address }) => address)).to.deep.equal([own.address, token.address]);
      const folders = await unpacked();
      for (const name of ["own", "token"])
        expect(existsSync(join(folders[name] as string, "keys/node.key"))).to.equal(false);
      const folder = folders.token as string;
      const settings = readFileSync(join(folder, "config/besu.toml"), "utf8");
      expect(settings).to.contain('security-module = "hsm"').and.to.contain('plugin-hsm-key-alias = "validator key"');
      expect(settings).to.contain('plugins = ["BropPlugin","HsmPlugin"]').and.not.to.contain("node-private-key-file");
      expect(readFileSync(join(folder, "config/hsm.cfg"), "utf8")).to.equal(
        "library = /usr/lib/softhsm/libsofthsm2.so\nslot = 3\n",
      );
      expect(readFileSync(join(folder, "plugins/besu-hsm-plugin.jar"), "utf8")).to.equal("the HSM plugin");
      expect(existsSync(join(folders.own as string, "plugins/besu-hsm-plugin.jar"))).to.equal(false);
    });
  });

  describe("packages", () => {
    it("have a checksum that holds, and are for their owner's eyes only", async () => {
      const { record } = await shop.init(consortiumOf(1));
      for (const { name, digest } of record.nodes) {
        const archive = join(shop.directory, "packages", `${name}.tar.gz`);
        expect(createHash("sha256").update(readFileSync(archive)).digest("hex")).to.equal(digest);
        expect(readFileSync(`${archive}.sha256`, "utf8")).to.equal(`${digest}  ${name}.tar.gz\n`);
        expect(statSync(archive).mode & 0o777).to.equal(0o600);
      }
    });

    it("leave nothing else behind", async () => {
      await shop.init(consortiumOf(1));
      expect(readdirSync(shop.directory).sort()).to.deep.equal(["genesis.json", "keys", "network.json", "packages"]);
      expect(readdirSync(shop.root).filter((name) => name.includes("making"))).to.deep.equal([]);
    });
  });

  describe("run again", () => {
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
      const folders = await unpacked();
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
      expect((await shop.init(content)).votes).to.deep.equal([{ node: "validator-5", path: undefined }]);

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

    it("says which nodes are in the file no more, and leaves them", async () => {
      const content = consortiumOf();
      await shop.init(content);
      const before = snapshot(shop.directory);
      const { gone } = await shop.init({ ...content, validators: content.validators.slice(1) });
      expect(gone).to.deep.equal(["validator-1"]);
      expect(snapshot(shop.directory)).to.deep.equal(before);
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
        Object.entries(await unpacked()).map(([name, folder]) => [
          name,
          readFileSync(join(folder, "keys/node.key"), "utf8"),
        ]);
      const before = await keysOf();
      content.validators = [{ ...entry("validator-1", 7, { seat: "generate" }), host: "10.9.8.7" }];
      await shop.init(content, { remake: true });
      expect(await keysOf()).to.deep.equal(before);
      const folders = await unpacked();
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

  it("changes nothing when the file has faults, the plugin is missing or the folder is somebody else's", async () => {
    expect((await rejection(shop.init("network: {}")))?.code).to.equal("network.file-invalid");
    expect((await rejection(shop.init(consortiumOf(1), { plugin: join(shop.root, "none.jar") })))?.code).to.equal(
      "file.not-found",
    );
    expect(existsSync(shop.directory)).to.equal(false);
    const error = await rejection(shop.init(consortiumOf(1), { directory: shop.root }));
    expect(error?.code).to.equal("request.invalid");
  });
});
