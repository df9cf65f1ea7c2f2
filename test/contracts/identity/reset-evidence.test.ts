import { ZeroHash, zeroPadValue } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { GROUND, RESET_KIND, recordEvidence, resetTown, waitFor } from "../support/key-resets.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { recordOf } from "../support/records.ts";

const newKey = walletOf("alice's new key");

describe("A key reset rests on evidence", () => {
  /** Opens with two digests. */
  async function withOpening() {
    const p = await resetTown();
    const [application, check] = await recordEvidence(p, p.bank, p.alice.address, "evidence");
    const open = (...digests: string[]) =>
      p.bank.call(p.keyResets, "open", [p.alice.address, newKey.address, ...digests]);
    const subject = zeroPadValue(p.alice.address, 32);
    const idOf = (digest: string, owner = p.bank) => p.records.recordId(owner.address, digest, subject);
    return { ...p, application, check, open, subject, idOf };
  }

  it("of both kinds, in their places", async () => {
    const { open, application, check, idOf, records, bank, subject } = await withOpening();
    const missing = digestOf("missing");
    const refused = async (digests: string[], wrong: string, kind: number) =>
      expectReverted(await open(...digests), "KeyResetEvidenceInvalid", [await idOf(wrong), kind]);
    await refused([check, application], check, RESET_KIND.application);
    await refused([application, application], application, RESET_KIND.check);
    await refused([missing, check], missing, RESET_KIND.application);
    await refused([application, missing], missing, RESET_KIND.check);
    await refused([ZeroHash, check], ZeroHash, RESET_KIND.application);
    const ordinary = recordOf("an ordinary record", { subject });
    expectExecuted(await bank.call(records, "record", [ordinary]));
    await refused([ordinary.digest, check], ordinary.digest, RESET_KIND.application);
    expectExecuted(await open(application, check));
  });

  it("of its own, about this account", async () => {
    const p = await withOpening();
    const others = await recordEvidence(p, p.dairy, p.alice.address, "the dairy's");
    expectReverted(await p.open(...others), "KeyResetEvidenceInvalid");
    const aboutBob = await recordEvidence(p, p.bank, p.bob.address, "about bob");
    expectReverted(await p.open(...aboutBob), "KeyResetEvidenceInvalid");
    // What the account says about itself is no check by the partner.
    const own = await recordEvidence(p, p.alice, p.alice.address, "alice's own");
    expectReverted(await p.open(...own), "KeyResetEvidenceInvalid");
  });

  it("that was never used before, whatever became of that reset", async () => {
    const p = await withOpening();
    const { open, application, check, idOf, bank, keyResets } = p;
    expectExecuted(await open(application, check));
    expectExecuted(await bank.call(keyResets, "cancel", [1, GROUND]));
    const fresh = await recordEvidence(p, bank, p.alice.address, "fresh");
    const used = async (digest: string) => [await idOf(digest), 1n];
    expectReverted(await open(application, check), "KeyResetEvidenceUsed", await used(application));
    expectReverted(await open(application, fresh[1]), "KeyResetEvidenceUsed", await used(application));
    expectReverted(await open(fresh[0], check), "KeyResetEvidenceUsed", await used(check));
    // What a refused opening named is not used up.
    expectExecuted(await open(...fresh));
  });

  it("that is not withdrawn, at the opening and at the completion", async () => {
    const p = await withOpening();
    const { open, application, check, bank, records, keyResets, subject, idOf } = p;
    const [withdrawn, otherCheck] = await recordEvidence(p, bank, p.alice.address, "withdrawn");
    expectExecuted(await bank.call(records, "revoke", [withdrawn, subject, GROUND]));
    expectReverted(await open(withdrawn, otherCheck), "KeyResetEvidenceInvalid");
    expectExecuted(await open(application, check));
    expectExecuted(await bank.call(records, "supersede", [check, subject, otherCheck, subject, GROUND]));
    await waitFor(p, 1n);
    const attempt = await bank.call(keyResets, "complete", [1]);
    expectReverted(attempt, "KeyResetEvidenceInvalid", [await idOf(check), RESET_KIND.check]);
  });
});
