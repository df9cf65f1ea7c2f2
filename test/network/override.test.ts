import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { BropError } from "../../src/core/errors.ts";
import { withOverride, withoutOverride } from "../../src/network/genesis/override.ts";
import { brop } from "../cli/support/brop.ts";

const A = "0xcf50412416f493AD5C483BE2Eebc2A1e3943Ea66";
const B = "0x581b0c39C7476fcF11Fbe4B4d215E7DaECB0C134";
const genesis = () => ({ config: { chainId: 7, qbft: { blockperiodseconds: 3 } }, alloc: { "00": {} } });
const back = { validatorselectionmode: "contract", validatorcontractaddress: SYSTEM_ADDRESSES.ValidatorSet };

/** The field that is refused. */
function refused(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof BropError && error.code === "request.invalid") return error.details.field;
  }
  throw new Error("it was not refused");
}

describe("validators that the genesis file names", () => {
  it("seal from a block on, and until one where that is said; all else stays", () => {
    const changed = withOverride(genesis(), { fromBlock: 100, validators: [A, B], backAt: 900 });
    expect(changed).to.deep.equal({
      ...genesis(),
      config: {
        ...genesis().config,
        transitions: {
          qbft: [
            { block: 100, validatorselectionmode: "blockheader", validators: [A.toLowerCase(), B.toLowerCase()] },
            { block: 900, ...back },
          ],
        },
      },
    });
  });

  it("can be ended later, and named again after that", () => {
    const open = withOverride(genesis(), { fromBlock: 100, validators: [A] });
    const ended = withoutOverride(open, 900);
    expect(ended).to.deep.equal(withOverride(genesis(), { fromBlock: 100, validators: [A], backAt: 900 }));
    const again = withOverride(ended, { fromBlock: 2_000, validators: [B] }) as ReturnType<typeof genesis>;
    expect(again.config).to.have.nested.property("transitions.qbft.length", 3);
  });

  it("are refused twice, before what the file says already, and for what is no genesis file", () => {
    expect(refused(() => withOverride(genesis(), { fromBlock: 1, validators: [A, A.toLowerCase()] }))).to.equal(
      "--validator",
    );
    expect(refused(() => withOverride({}, { fromBlock: 1, validators: [A] }))).to.equal("FILE");
    expect(refused(() => withOverride(null, { fromBlock: 1, validators: [A] }))).to.equal("FILE");
    expect(refused(() => withOverride(genesis(), { fromBlock: 9, validators: [A], backAt: 9 }))).to.equal("--back-at");
    const ended = withOverride(genesis(), { fromBlock: 100, validators: [A], backAt: 900 });
    expect(refused(() => withOverride(ended, { fromBlock: 900, validators: [A] }))).to.equal("--from-block");
    expect(refused(() => withoutOverride(ended, 1_000))).to.equal("--back-at");
    expect(refused(() => withoutOverride(genesis(), 1_000))).to.equal("--back-at");
  });

  describe("brop network override", () => {
    const folder = mkdtempSync(join(tmpdir(), "brop-override-"));
    const file = join(folder, "genesis.json");
    after(() => rmSync(folder, { recursive: true, force: true }));
    const run = (...args: string[]) => brop(["network", "override", file, ...args, "--json"], { cwd: folder });

    it("changes the file and keeps it as it was; a wrong call changes nothing", async () => {
      writeFileSync(file, JSON.stringify(genesis()));
      for (const wrong of [
        ["--from-block", "100"],
        ["--from-block", "100", "--validator", A, "--back-at", "900"],
        [],
      ]) {
        expect((await run(...wrong)).code, wrong.join(" ")).to.equal(1);
      }
      expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(genesis());
      expect((await run("--from-block", "100", "--validator", A, B)).code).to.equal(0);
      expect(JSON.parse(readFileSync(`${file}.before`, "utf8"))).to.deep.equal(genesis());
      expect((await run("--back-at", "900")).code).to.equal(0);
      const { config } = JSON.parse(readFileSync(file, "utf8"));
      expect(config.transitions.qbft.map(({ block }: { block: number }) => block)).to.deep.equal([100, 900]);
    });
  });
});
