import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { id as keccakOf, Wallet } from "ethers";
import { errorOf, identity, type Stage, testPeopleStage } from "./support/stage.ts";

describe("brop status, admit, certify, quota", function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => {
    stage = await testPeopleStage();
  });

  it("shows the network", async () => {
    const status = await stage.json(["status"]);
    expect(status).to.deep.include({ chainId: 8420, url: stage.url });
    expect(status.block.number).to.be.greaterThan(0);
    expect(status.contracts.records).to.match(/^0x/);
    expect((await stage.run(["status"])).stdout)
      .to.contain("chain 8420")
      .and.contain(status.contracts.records);
  });

  it("admits an institution as partner, and notes its account with the key", async () => {
    const { account } = await stage.keys.get("bank");
    expect(account).to.match(/^0x/);
    const quota = await stage.json(["quota", "bank"]);
    expect(quota).to.include({ account, class: 16 });
  });

  it("refuses to admit a partner again, and whoever is not the operator", async () => {
    const own = ["--name", "Bank", "--copy", "agreement.txt", ...(await identity(stage, "again")), "--json"];
    const again = errorOf(await stage.run(["admit", "bank", ...own]));
    expect(again.detail).to.contain("is a partner already");
    await stage.json(["keys", "create", "impostor"]);
    const denied = errorOf(
      await stage.run(["admit", "ann", "--as", "impostor", ...own, "--keys", join("data", "keys")]),
    );
    expect(denied.code).to.be.oneOf(["access.denied", "access.sender-not-admitted", "transaction.sender-not-admitted"]);
  });

  it("refuses to admit without the signed copy", async () => {
    await stage.json(["keys", "create", "shop"]);
    const own = ["--name", "Shop", ...(await identity(stage, "shop"))];
    const missing = await stage.run(["admit", "shop", ...own, "--copy", "nowhere.pdf", "--json"]);
    expect(errorOf(missing)).to.include({ code: "file.not-found", path: "nowhere.pdf" });
    expect((await stage.run(["admit", "shop", ...own])).code).to.equal(2);
    expect((await stage.keys.get("shop")).account).to.equal(undefined);
  });

  it("certifies a user again, by account ID, at another level", async () => {
    const { account } = await stage.keys.get("ann");
    const args = ["--as", "bank", "--wait", "--level", "digital-certificate", "--identity-digest", keccakOf("ann")];
    const { id } = await stage.json(["certify", "ann", ...args]);
    expect(id).to.match(/^\d{4}-\d{4}$/);
    const again = await stage.json(["certify", id, ...args]);
    expect(again).to.include({ account, id, created: false, level: "digital-certificate" });
  });

  it("gives an account to a key that lives elsewhere, which its owner can note", async () => {
    const elsewhere = Wallet.createRandom();
    const args = ["--as", "bank", "--wait", "--sponsor", ...(await identity(stage, "elsewhere"))];
    const made = await stage.json(["certify", elsewhere.address, ...args]);
    expect(made).to.include({ created: true, level: "real-name" });
    await stage.json(["keys", "create", "bob", "--import"], { input: elsewhere.privateKey });
    const key = await stage.json(["keys", "account", "bob", made.id]);
    expect(key).to.include({ name: "bob", account: made.account });
    const quota = await stage.json(["quota", "--as", "bob"]);
    expect(quota.sponsor).to.equal((await stage.keys.get("bank")).account);
    expect(quota.sponsoredPoints).to.be.greaterThan(0);
  });

  it("salts identity data that has no salt, and keeps the salted copy for whoever certifies", async () => {
    const plain = JSON.stringify({ name: "Zhou Ming" });
    await stage.file("ming.json", plain);
    const args = ["certify", "ann", "--as", "bank", "--wait", "--identity", "ming.json"];
    const ended = await stage.run(args);
    expect(ended.code, ended.stderr).to.equal(0);
    expect(ended.stderr).to.contain("keep ming.salted.json");
    const salted = JSON.parse(await readFile(join(stage.folder, "ming.salted.json"), "utf8"));
    expect(salted).to.include({ name: "Zhou Ming" });
    expect(salted.salt).to.match(/^0x[0-9a-f]{64}$/);
    const again = errorOf(await stage.run([...args, "--json"]));
    expect(again.detail).to.contain("ming.salted.json");
  });

  it("refuses identity data that is none, and none at all", async () => {
    await stage.file("list.json", "[]");
    await stage.file("short.json", '{"name":"Ann","salt":"1"}');
    await stage.file("twice.json", '{"name":"Ann","name":"Bob"}');
    const certify = (...args: string[]) => stage.run(["certify", "ann", "--as", "bank", ...args, "--json"]);
    expect(errorOf(await certify("--identity", "list.json"))).to.include({ code: "request.invalid" });
    expect(errorOf(await certify("--identity", "short.json"))).to.include({ field: "salt" });
    expect(errorOf(await certify("--identity", "twice.json"))).to.include({ code: "canonical.invalid" });
    expect(errorOf(await certify(), 2)).to.include({ code: "request.invalid" });
    const exists = await access(join(stage.folder, "list.salted.json")).then(
      () => true,
      () => false,
    );
    expect(exists).to.equal(false);
  });

  it("refuses a certification by a user, and by a key without account", async () => {
    const args = [...(await identity(stage, "refused")), "--json"];
    const code = (name: string) =>
      stage.run(["certify", "ann", "--as", name, ...args]).then((end) => errorOf(end).code);
    expect(await code("ann")).to.be.oneOf(["partner.not-admitted", "partner.permission-missing", "access.denied"]);
    expect(await code("operator")).to.equal("account.uncertified");
    expect(await code("nobody")).to.equal("key.not-found");
    expect(errorOf(await stage.run(["certify", "ann", ...args]), 2).detail).to.contain("--as");
  });

  it("refuses accounts that do not exist and mistyped account IDs", async () => {
    const code = (text: string) => stage.run(["quota", text, "--json"]).then((end) => errorOf(end).code);
    expect(await code(Wallet.createRandom().address)).to.equal("operation.account-unknown");
    expect(await code("0000-0014")).to.equal("identifier.invalid");
    expect(await code("9999-9994")).to.be.oneOf(["operation.account-unknown", "identifier.invalid"]);
    expect(await code("shop")).to.equal("account.uncertified");
  });
});
