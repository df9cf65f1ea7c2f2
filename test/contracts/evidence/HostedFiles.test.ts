import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { networkHelpers, now } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";

const STATUS = { none: 0n, hosted: 1n, ended: 2n, expired: 3n } as const;
const CONTENT = digestOf("content");
const LOCATION = digestOf("https://files.example.org/1");
const SIZE = 12_345;
const MONTH = 30 * 24 * 3600;

async function host({ hostedFiles }: Town, owner: Participant, until: number, content = CONTENT) {
  return owner.call(hostedFiles, "register", [content, LOCATION, SIZE, until]);
}

async function fileOf({ hostedFiles }: Town, owner: Participant, content = CONTENT) {
  return hostedFiles.fileOf(await hostedFiles.fileId(owner.address, content));
}

describe("HostedFiles", () => {
  it("keeps location, bytes and term of a file under its owner and content", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    const events = expectExecuted(await host(p, p.alice, until));
    expectEvent(events, "FileRegistered", [CONTENT, p.alice.address, LOCATION, SIZE, until, ZeroAddress]);
    const words = AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [p.alice.address, CONTENT]);
    expect(await p.hostedFiles.fileId(p.alice.address, CONTENT)).to.equal(keccak256(words));
    expect(await fileOf(p, p.alice)).to.deep.equal([
      BigInt(SIZE),
      BigInt(await now()),
      BigInt(until),
      STATUS.hosted,
      ZeroAddress,
      LOCATION,
    ]);
  });

  it("refuses a file without digests or bytes, or with a term that is over", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    const attempts: [unknown[], string][] = [
      [[ZeroHash, LOCATION, SIZE, until], "HostedFileDigestMissing"],
      [[CONTENT, ZeroHash, SIZE, until], "HostedFileDigestMissing"],
      [[CONTENT, LOCATION, 0, until], "HostedFileSizeMissing"],
      [[CONTENT, LOCATION, SIZE, await now()], "HostedFileTermPast"],
    ];
    for (const [args, error] of attempts) {
      expectReverted(await p.alice.call(p.hostedFiles, "register", args), error);
    }
  });

  it("is for accounts that may record evidence; for an anonymous one it names who answers", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    const anonymous = await makeUser(p, p.bank, "anonymous", LEVEL.anonymous, { responsible: true });
    expectExecuted(await host(p, anonymous, until));
    expect((await fileOf(p, anonymous)).responsible).to.equal(p.bank.address);
    const registered = await makeUser(p, p.bank, "registered", LEVEL.registered);
    expectReverted(await host(p, registered, until), "CertificationNotPermitted");
    const direct = p.hostedFiles.connect(p.operator).register(CONTENT, LOCATION, SIZE, until);
    await expectRevert(direct, "CertificationNotPermitted");
  });

  it("gives each owner a file of its own: nobody can occupy another's content", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    expectExecuted(await host(p, p.bob, until));
    expectExecuted(await host(p, p.alice, until + 5));
    expectExecuted(await p.bob.call(p.hostedFiles, "end", [CONTENT]));
    expect((await fileOf(p, p.alice)).status).to.equal(STATUS.hosted);
    const id = await p.hostedFiles.fileId(p.carol.address, CONTENT);
    for (const [fn, args] of [
      ["end", [CONTENT]],
      ["extend", [CONTENT, until + 10]],
    ] as const) {
      expectReverted(await p.carol.call(p.hostedFiles, fn, args), "HostedFileWrongStatus", [id, STATUS.none]);
    }
  });

  it("is not registered twice while it is hosted: bytes and term can not be rewritten", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    expectExecuted(await host(p, p.alice, until));
    const id = await p.hostedFiles.fileId(p.alice.address, CONTENT);
    expectReverted(await host(p, p.alice, until + 1), "HostedFileExists", [id]);
  });

  it("can be extended, and never shortened", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    expectExecuted(await host(p, p.alice, until));
    const events = expectExecuted(await p.alice.call(p.hostedFiles, "extend", [CONTENT, until + 1]));
    expectEvent(events, "FileExtended", [CONTENT, p.alice.address, until, until + 1]);
    expect((await fileOf(p, p.alice)).until).to.equal(BigInt(until + 1));
    for (const shorter of [until + 1, until]) {
      const refused = await p.alice.call(p.hostedFiles, "extend", [CONTENT, shorter]);
      expectReverted(refused, "HostedFileTermShorter", [shorter, until + 1]);
    }
  });

  it("can be extended only by an owner who may still record evidence, and always ended", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    expectExecuted(await host(p, p.bob, until));
    const lowered = [p.bob.address, LEVEL.registered, false, until, digestOf("lowered")];
    expectExecuted(await p.bank.call(p.certifications, "certify", lowered));
    expectReverted(await p.bob.call(p.hostedFiles, "extend", [CONTENT, until + 1]), "CertificationNotPermitted");
    expectExecuted(await p.bob.call(p.hostedFiles, "end", [CONTENT]));
  });

  it("ends when its owner says so; it can then not be extended or ended again, but registered anew", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    expectExecuted(await host(p, p.alice, until));
    const id = await p.hostedFiles.fileId(p.alice.address, CONTENT);
    const events = expectExecuted(await p.alice.call(p.hostedFiles, "end", [CONTENT]));
    const endedAt = BigInt(await now());
    expectEvent(events, "FileEnded", [CONTENT, p.alice.address, endedAt]);
    const ended = await fileOf(p, p.alice);
    expect([ended.status, ended.until]).to.deep.equal([STATUS.ended, endedAt]);
    for (const [fn, args] of [
      ["end", [CONTENT]],
      ["extend", [CONTENT, until + 10]],
    ] as const) {
      expectReverted(await p.alice.call(p.hostedFiles, fn, args), "HostedFileWrongStatus", [id, STATUS.ended]);
    }
    expectExecuted(await host(p, p.alice, until));
    expect((await fileOf(p, p.alice)).status).to.equal(STATUS.hosted);
  });

  it("expires in the second after its term; what may be deleted by then can not be extended", async () => {
    const p = await town();
    const until = (await now()) + MONTH;
    expectExecuted(await host(p, p.alice, until));
    const id = await p.hostedFiles.fileId(p.alice.address, CONTENT);
    await networkHelpers.time.increaseTo(until - 1);
    expect((await fileOf(p, p.alice)).status).to.equal(STATUS.hosted);
    await networkHelpers.time.increaseTo(until);
    expect((await fileOf(p, p.alice)).status).to.equal(STATUS.expired);
    const late = await p.alice.call(p.hostedFiles, "extend", [CONTENT, until + MONTH]);
    expectReverted(late, "HostedFileWrongStatus", [id, STATUS.expired]);
    expectExecuted(await host(p, p.alice, until + MONTH));
  });
});
