import { expect } from "chai";
import { errorOf, identity, type Stage, testPeopleStage } from "./support/stage.ts";

describe("brop voucher", function () {
  this.timeout(240_000);
  let stage: Stage;
  let voucher: string;
  const apply = (...more: string[]) => [
    ...["voucher", "apply", "--name", "Tea coupon\u001b[2J", "--symbol", "TEA", "--cap", "10.5", "--decimals", "1"],
    ...["--product", "one tin of tea", "--terms", "terms.txt", "--declaration", "terms.txt"],
    ...["--category", "goods-coupon", "--uri", "https://bank.example/tea.json", ...more],
  ];
  before(async () => {
    stage = await testPeopleStage();
    await stage.file("terms.txt", "one tin for one coupon");
    const { application } = await stage.json(apply("--as", "bank", "--wait"));
    ({ voucher } = await stage.json(["voucher", "create", String(application)]));
    await stage.json(["keys", "create", "carl"]);
    const own = ["--level", "real-name", "--wait", ...(await identity(stage, "carl"))];
    await stage.json(["certify", "carl", "--as", "bank", ...own]);
    await stage.json(["keys", "create", "phone"]);
    const low = ["--level", "phone-verified", "--wait", ...(await identity(stage, "phone"))];
    await stage.json(["certify", "phone", "--as", "bank", ...low]);
  });

  it("allocates and transfers in the voucher's unit", async () => {
    const allocated = await stage.json(["voucher", "allocate", voucher, "ann", "5.5", "--as", "bank", "--wait"]);
    expect(allocated).to.include({ amount: "5.5", balance: "5.5", symbol: "TEA" });
    const moved = await stage.json(["voucher", "transfer", voucher, "carl", "2", "--as", "ann"]);
    expect(moved).to.include({ amount: "2.0", balance: "2.0" });
    const shown = await stage.json(["voucher", "show", voucher, "ann", "carl"]);
    expect(shown).to.include({ cap: "10.5", circulating: "5.5", issuerName: "Bank 银行", holderLevel: "real-name" });
    expect(shown.holders.map(({ balance }: { balance: string }) => balance)).to.deep.equal(["3.5", "2.0"]);
  });

  it("shows a voucher to people, and lets nobody's words act on the terminal", async () => {
    const { code, stdout } = await stage.run(["voucher", "show", voucher]);
    expect(code).to.equal(0);
    expect(stdout).to.contain("Tea coupon").and.not.contain("\u001b");
  });

  it("refuses more than the cap, more than the balance, and accounts that may hold none", async () => {
    const code = async (...args: string[]) => errorOf(await stage.run(["voucher", ...args, "--json"])).code;
    expect(await code("allocate", voucher, "ann", "10", "--as", "bank", "--wait")).to.equal("voucher.cap-exceeded");
    expect(await code("transfer", voucher, "ann", "9", "--as", "carl")).to.equal("voucher.balance-too-low");
    expect(await code("allocate", voucher, "phone", "1", "--as", "bank", "--wait")).to.equal(
      "voucher.holder-not-eligible",
    );
    expect(await code("allocate", voucher, "ann", "1", "--as", "carl")).to.equal("access.denied");
  });

  it("refuses amounts that are none, and addresses of no voucher", async () => {
    const transfer = (...args: string[]) => stage.run(["voucher", "transfer", ...args, "--as", "ann", "--json"]);
    for (const amount of ["0", "0.0", "1.23", "x", "1e3"]) {
      expect(errorOf(await transfer(voucher, "carl", amount)), amount).to.include({ code: "request.invalid" });
    }
    const ann = (await stage.keys.get("ann")).account as string;
    expect(errorOf(await transfer(ann, "carl", "1"))).to.include({ code: "resource.not-found" });
    expect((await transfer("tea", "carl", "1")).code).to.equal(2);
    expect((await stage.run(["voucher", "create", "zero"])).code).to.equal(2);
  });

  it("refuses an application by a user, a creation by a partner's key and one of nothing", async () => {
    const applied = errorOf(await stage.run([...apply("--as", "ann"), "--json"]));
    expect(applied.code).to.be.oneOf(["partner.not-admitted", "partner.permission-missing"]);
    const nothing = errorOf(await stage.run(["voucher", "create", "999", "--json"]));
    expect(nothing).to.include({ code: "contract.reverted" });
    const denied = errorOf(await stage.run(["voucher", "create", "1", "--as", "ann", "--json"]));
    expect(denied.code).to.match(/^(access|transaction)\./);
  });
});
