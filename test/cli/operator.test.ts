import { expect } from "chai";
import { makeCertificates, whyNoCertificates } from "../chain/signing/certificates.ts";
import { errorOf, type Stage, testPeopleStage } from "./support/stage.ts";

describe("brop operator", function () {
  this.timeout(240_000);
  let stage: Stage;
  let bank = "";

  before(async () => {
    stage = await testPeopleStage();
    bank = (await stage.keys.get("bank")).account ?? "";
    await stage.file("ground.txt", "late with its reports");
  });

  it("suspends and reinstates a partner, on a ground whose digest is kept", async () => {
    const done = await stage.json(["operator", "suspend", "bank", "--ground", "ground.txt"]);
    expect(done).to.deep.include({ act: "partner.suspend", account: bank });
    expect(done.transactions).to.have.length(1);
    const twice = errorOf(await stage.run(["operator", "suspend", "bank", "--ground", "ground.txt", "--json"]));
    expect(twice).to.deep.include({ code: "contract.reverted", error: "PartnerWrongStatus" });
    await stage.json(["operator", "reinstate", bank, "--ground", "ground.txt"]);
  });

  it("gives quota classes, publishes documents, and refuses applications for vouchers", async () => {
    await stage.json(["operator", "quota-class", "bank", "17"]);
    await stage.json(["operator", "quota-class", "bank", "16"]);
    const published = await stage.json([
      ...["operator", "publish", "privacy", "ground.txt", "--location", "https://example.org/privacy"],
    ]);
    expect(published.version).to.equal(1);
    const unknown = await stage.run(["operator", "refuse-voucher", "999", "--ground", "ground.txt", "--json"]);
    expect(errorOf(unknown)).to.deep.include({ error: "VoucherApplicationWrongStatus" });
  });

  it("registers an authority by its certificate, and retires it", async function () {
    const reason = whyNoCertificates();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    await stage.file("tsa.crt", makeCertificates().authority);
    const terms = ["--policy", "1.2.3.4.1", "--location", "https://example.org/tsa.crt"];
    const registered = await stage.json(["operator", "register-authority", "tsa.crt", ...terms]);
    expect(registered.notAfter).to.be.greaterThan(registered.notBefore);
    const number = String(registered.authority);
    await stage.json(["operator", "retire-authority", number, "--ground", "ground.txt"]);
    const bad = await stage.run(["operator", "register-authority", "ground.txt", ...terms, "--json"]);
    expect(errorOf(bad)).to.deep.include({ code: "request.invalid", field: "ground.txt" });
  });

  it("lists no order where none waits, and says what stands against others", async () => {
    expect((await stage.json(["operator", "orders"])).orders).to.deep.equal([]);
    const { code, stdout } = await stage.run(["operator", "orders"]);
    expect([code, stdout.trim()]).to.deep.equal([0, "No order waits."]);
    const unknown = await stage.run(["operator", "execute", "7", "--data", "0x12345678", "--json"]);
    expect(errorOf(unknown)).to.deep.include({ error: "OrderUnknown" });
    expect(errorOf(await stage.run(["operator", "report", "7", "ground.txt", "--json"]))).to.deep.include({
      error: "OrderUnknown",
    });
    expect((await stage.run(["operator", "execute", "7", "--data", "now"])).code).to.equal(2);
  });

  it("acts for nobody without the operator's role", async () => {
    const refused = await stage.run(["operator", "terminate", bank, "--ground", "ground.txt", "--as", "ann", "--json"]);
    expect(errorOf(refused)).to.deep.include({ code: "access.denied" });
  });
});
