import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readConsortium } from "../../src/network/consortium/read-consortium.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";

const SEAT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("The file of a consortium", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = workshop();
  });
  afterEach(() => shop.remove());

  /** Faults of a text, as they are shown. */
  async function faultsOf(content: unknown): Promise<string[]> {
    shop.write(content);
    const error = await rejection(Promise.resolve().then(() => readConsortium(shop.file)));
    expect(error?.code).to.equal("network.file-invalid");
    return error?.details.lines as string[];
  }

  it("is read with its defaults", () => {
    const { validators, ...rest } = consortiumOf(1);
    shop.write({ ...rest, validators: [{ name: "one", seat: SEAT.toLowerCase(), host: "10.1.2.3", key: "file" }] });
    const { consortium } = readConsortium(shop.file);
    expect(validators).to.have.length(1);
    expect(consortium.blockGasLimit).to.equal(60_000_000);
    expect(consortium.nodes[0]).to.deep.include({
      kind: "validator",
      seat: SEAT,
      rpcHost: "127.0.0.1",
      memory: "2g",
      ports: { p2p: 30_303, rpc: 8_545, ws: 8_546, metrics: 9_545 },
      key: { custody: "file" },
    });
  });

  for (const name of ["consortium.example.yaml", "local.yaml"]) {
    it(`network/${name} is without a fault`, () => {
      const { consortium } = readConsortium(fileURLToPath(new URL(`../../network/${name}`, import.meta.url)));
      expect(consortium.nodes.filter(({ kind }) => kind === "validator")).to.have.length(4);
    });
  }

  it("is refused with every fault at once, each with line and remedy", async () => {
    const text = [
      "network:",
      "  name: Bad Name",
      "  chainID: 5",
      "operator:",
      "  address: 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
      "validators:",
      "  - name: a",
      `    seat: "${SEAT}"`,
      "    host: node-a.example",
      "    key: file",
      "  - name: a",
      `    seat: "${SEAT}"`,
      "    host: 127.0.0.1",
      "    ports: { p2p: 70000 }",
      '    key: { publicKey: "0x12" }',
      "",
    ].join("\n");
    const faults = await faultsOf(text);
    const expected = [
      /^line 1: network\.chainId is missing: give a whole number/,
      /^line 2: network\.name is "Bad Name": give small letters/,
      /^line 3: network\.chainID is not known here: write chainId$/,
      /^line 5: operator\.address is a number to YAML: put it into quotation marks$/,
      /^line 9: validators\[0\]\.host is "node-a\.example": give an IPv4 address/,
      /^line 11: validators\[1\]\.name is the same as that of a/,
      /^line 12: validators\[1\]\.seat is the same as that of a/,
      /^line 14: validators\[1\]\.ports\.p2p is 70000/,
      /^line 15: validators\[1\]\.key\.publicKey is "0x12"/,
    ];
    expect(faults).to.have.length(expected.length);
    for (const [index, pattern] of expected.entries()) expect(faults[index]).to.match(pattern);
  });

  it("is refused where it is no YAML", async () => {
    const [first, ...others] = await faultsOf("network: { name: x\noperator: [");
    expect(first).to.match(/^line \d+: is no valid YAML/);
    expect(others).to.satisfy((rest: string[]) => rest.every((line) => line.includes("YAML")));
  });

  it("is refused where it is empty, a list, or another document", async () => {
    expect(await faultsOf("")).to.deep.equal([
      "line 1: is missing: give it as a mapping with network, operator, regulators, validators, fullNodes, accessNodes",
    ]);
    expect((await faultsOf("- a\n- b"))[0]).to.match(/^line 1: is no mapping/);
    expect((await faultsOf({ validators: "none" })).join("\n")).to.match(/validators is no list/);
  });

  it("names a member that stands twice", async () => {
    expect((await faultsOf("network:\n  name: a\n  name: b\n"))[0]).to.match(/^line 3: is no valid YAML.*unique/);
  });

  it("has each port once on a machine, defaults included", async () => {
    const consortium = consortiumOf(1);
    const { ports, ...plain } = entry("other", 1);
    expect(ports.p2p).to.equal(31_301);
    const faults = await faultsOf({
      ...consortium,
      fullNodes: [{ ...plain, ports: { p2p: 31_300, rpc: 31_700 } }],
    });
    expect(faults.join("\n")).to.match(/fullNodes\[0\]\.ports\.p2p is 31300, which is also p2p of validator-1/);
    expect(faults.join("\n")).to.match(/31700, which is also rpc of other/);
  });

  it("may use a port on several machines", () => {
    const { accessNodes, ...rest } = consortiumOf(1);
    shop.write({ ...rest, accessNodes, fullNodes: [{ ...entry("partner", 0), host: "10.0.0.9" }] });
    expect(readConsortium(shop.file).consortium.nodes).to.have.length(3);
  });

  it("gives each address one part", async () => {
    const faults = await faultsOf({
      ...consortiumOf(1),
      operator: { address: SEAT },
      regulators: [SEAT],
      validators: [entry("one", 0, { seat: SEAT })],
    });
    expect(faults).to.have.length(2);
    expect(faults[0]).to.match(/is also the operator's address: use a key for one part only$/);
  });

  it("refuses addresses with wrong check digits and the zero address", async () => {
    const wrong = SEAT.replace("C8", "c8");
    const faults = await faultsOf({
      ...consortiumOf(1),
      validators: [entry("one", 0, { seat: wrong }), entry("two", 1, { seat: `0x${"0".repeat(40)}` })],
    });
    expect(faults[0]).to.match(/check digits are wrong: copy the address anew/);
    expect(faults[1]).to.match(/is the zero address/);
  });

  it("refuses a public key that is no point of the curve", async () => {
    const key = { publicKey: `0x${"11".repeat(64)}` };
    const faults = await faultsOf({ ...consortiumOf(1), fullNodes: [entry("partner", 60, { key })] });
    expect(faults).to.deep.equal([faults[0]]);
    expect(faults[0]).to.match(/key\.publicKey is no point of secp256k1/);
  });

  it("wants of a token what the token's provider needs", async () => {
    const publicKey = `0x${"11".repeat(64)}`;
    const hsm = { provider: "cloudhsm-jce", library: "/usr/lib/token.so", alias: "key" };
    const faults = await faultsOf({
      ...consortiumOf(1),
      fullNodes: [entry("partner", 60, { key: { publicKey, hsm } })],
    });
    const all = faults.join("\n");
    expect(all).to.match(/hsm\.library is of no use with cloudhsm-jce: take it out/);
    expect(all).to.match(/hsm\.publicKeyAlias is missing/);
    const native = await faultsOf({
      ...consortiumOf(1),
      fullNodes: [entry("partner", 60, { key: { publicKey, hsm: { alias: "key", library: "../token.so" } } })],
    });
    expect(native.join("\n"))
      .to.match(/hsm\.slot is missing/)
      .and.to.match(/hsm\.library is "\.\.\/token\.so"/);
  });

  it("has one to 64 validators", async () => {
    expect((await faultsOf({ ...consortiumOf(0) }))[0]).to.match(/validators has no entry/);
    const many = Array.from({ length: 65 }, (_, at) => ({
      ...entry(`v${at}`, at, { seat: "generate" }),
      host: `10.0.0.${at + 1}`,
    }));
    expect((await faultsOf({ ...consortiumOf(0), validators: many }))[0]).to.match(/validators has 65 entries/);
  });

  it("follows anchors and aliases of YAML", () => {
    writeFileSync(
      shop.file,
      [
        "network: { name: a, chainId: 7 }",
        "operator: { address: generate }",
        "validators:",
        "  - { name: one, seat: generate, host: 10.0.0.1, key: file, ports: &ports { p2p: 1, rpc: 2, ws: 3, metrics: 4 } }",
        "  - { name: two, seat: generate, host: 10.0.0.2, key: file, ports: *ports }",
      ].join("\n"),
    );
    expect(readConsortium(shop.file).consortium.nodes[1]?.ports).to.deep.equal({ p2p: 1, rpc: 2, ws: 3, metrics: 4 });
  });
});
