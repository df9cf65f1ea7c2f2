import { expect } from "chai";
import { getAddress } from "ethers";
import { hexToBytes } from "../../src/core/hex.ts";
import { headerFromRpc, type QbftHeader } from "../../src/core/qbft/header.ts";
import { FakeChain } from "../indexer/fake-chain.ts";
import { addressOfKey, sealedBlock, validatorKey } from "../support/sealed-block.ts";
import { type ApiServer, startApi } from "./api-server.ts";

const KEYS = [1, 2, 3, 4].map(validatorKey);
const [first, second, third, fourth] = KEYS.map((key) => getAddress(addressOfKey(key)));

describe("seals of a block", function () {
  this.timeout(60_000);
  const headers = new Map<number, QbftHeader>();
  let asked = 0;
  let api: ApiServer;

  before(async () => {
    const chain = new FakeChain();
    for (let block = 0; block < 8; block++) chain.mine([]);
    api = await startApi(chain, undefined, {
      header: async (number) => {
        asked++;
        return headers.get(number);
      },
    });
    await haveSealed(2, KEYS.slice(0, 3), 1);
    await haveSealed(3, KEYS.slice(0, 2));
    await haveSealed(4, [...KEYS.slice(0, 2), validatorKey("stranger")]);
    await haveSealed(5, KEYS.slice(0, 3));
    await api.db.query("update blocks set hash = $1 where number = 5", [new Uint8Array(32).fill(5)]);
    await haveSealed(6, KEYS.slice(0, 3));
    for (const key of KEYS) await setValidator(addressOfKey(key), 0, null);
    await api.db.query("update validators set to_block = 5 where validator = $1", [
      hexToBytes(addressOfKey(validatorKey(4))),
    ]);
  });
  after(() => api.close());

  async function haveSealed(number: number, keys: typeof KEYS, round = 0): Promise<void> {
    const block = sealedBlock({ number, round }, keys);
    headers.set(number, headerFromRpc(block));
    await api.db.query("update blocks set hash = $1 where number = $2", [hexToBytes(block.hash), number]);
  }

  function setValidator(validator: string, from: number, to: number | null): Promise<unknown> {
    return api.db.query(
      `insert into validators (validator, member, seat, epoch, transaction_hash, from_block, from_log, to_block)
       values ($1, true, null, 0, $2, $3, 0, $4)`,
      [hexToBytes(validator), new Uint8Array(32), from, to],
    );
  }

  const ask = async (block: number | string) => (await api.get(`/v1/blocks/${block}/seals`)).body;

  it("are told with the validators who did not seal, the round and the quorum", async () => {
    const { state, round, needed, validators } = await ask(2);
    expect({ state, round, needed }).to.deep.equal({ state: "sealed", round: 1, needed: 3 });
    const sealed = validators.filter((one: { sealed: boolean }) => one.sealed);
    expect(sealed.map((one: { address: string }) => one.address)).to.have.members([first, second, third]);
    expect(validators).to.deep.include({ address: fourth, sealed: false });
  });

  it("are told to be too few where they are no quorum, and a stranger's does not count", async () => {
    expect((await ask(3)).state).to.equal("short");
    expect((await ask(4)).state).to.equal("short");
  });

  it("are judged by the validators of the time: a change counts from the block after it", async () => {
    const { validators, needed } = await ask(6);
    expect(validators).to.have.length(3);
    expect(needed).to.equal(2);
  });

  it("are refused where the node's block is another one", async () => {
    const { status, body } = await api.get("/v1/blocks/5/seals");
    expect([status, body.code]).to.deep.equal([422, "proof.invalid"]);
  });

  it("are none on a chain without seals, and for the first block", async () => {
    expect(await ask(7)).to.include({ state: "unsealed", round: null, needed: null });
    expect((await ask(0)).state).to.equal("unsealed");
  });

  it("are worked out once for each block, also when asked by its hash", async () => {
    const before = asked;
    const { hash } = await ask(2);
    expect((await ask(hash)).number).to.equal(2);
    expect(asked).to.equal(before);
  });

  it("are unknown to a process that reaches no node, and to nobody for a block that is not there", async () => {
    const apart = await startApi(new FakeChain());
    try {
      expect((await apart.get("/v1/blocks/0/seals")).body.state).to.equal("unknown");
    } finally {
      await apart.close();
    }
    expect((await api.get("/v1/blocks/99/seals")).status).to.equal(404);
    expect((await api.get("/v1/blocks/x/seals")).status).to.equal(400);
  });

  it("names the validators and the quorum of today, and of a block", async () => {
    const today = (await api.get("/v1/validators")).body;
    expect([today.needed, today.items.length]).to.deep.equal([2, 3]);
    const then = (await api.get("/v1/validators?at=4")).body;
    expect([then.needed, then.items.length]).to.deep.equal([3, 4]);
    expect((await api.get("/v1/validators?at=99999")).status).to.equal(400);
  });
});
