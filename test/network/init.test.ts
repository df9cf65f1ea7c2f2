import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { AbiCoder, decodeRlp, keccak256, toBeHex, Wallet, ZeroHash } from "ethers";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";

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
      const folders = Object.values(await shop.unpacked());
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
      const folders = await shop.unpacked();
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
      const folders = await shop.unpacked();
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
      const folders = await shop.unpacked();
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
      const folders = await shop.unpacked();
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
      const folders = await shop.unpacked();
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
