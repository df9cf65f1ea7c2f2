import { ZeroHash } from "ethers";
import { type Account, businessKeyDigest, objectId } from "../../src/sdk/index.ts";
import type { Document } from "./documents.ts";
import { paidStep, type Stage } from "./stage.ts";
import { INSTITUTIONS, lotCode, type Role } from "./story.ts";

/**
 * Opens the object of a lot: from now on its records form one chain (EV-4), to which the others may add too.
 * @param owner who opens it
 * @returns the object's identifier, which goes into the code on the tin
 */
export async function openLot({ brop }: Stage, owner: Account, writers: readonly Account[], lot: string) {
  const key = businessKeyDigest(lotCode(lot));
  const addresses = writers.map(({ address }) => address);
  const response = await brop.contracts.records.connect(owner).openObject(key, addresses);
  await response.wait();
  return objectId(owner.address, key);
}

/** Documents that one institution records in one go: consecutive ones in the story. */
export interface Visit {
  role: Role;
  documents: Document[];
}

export function visitsOf(documents: readonly Document[]): Visit[] {
  const visits: Visit[] = [];
  for (const document of documents) {
    const role = document.export as Role;
    const last = visits.at(-1);
    if (last?.role === role) last.documents.push(document);
    else visits.push({ role, documents: [document] });
  }
  return visits;
}

/**
 * Records a lot's documents as one chain, in the order of the story. Each link names the digest of the one before it,
 * so the institutions take turns; what one of them adds at a time goes into one operation.
 */
export async function recordStory(
  stage: Stage,
  object: string,
  clerks: Readonly<Record<Role, Account>>,
  documents: readonly Document[],
): Promise<void> {
  const { brop } = stage;
  const { interface: records } = brop.contracts.records;
  let previous = ZeroHash;
  for (const visit of visitsOf(documents)) {
    const calls = visit.documents.map(({ input }) => {
      const data = records.encodeFunctionData("append", [object, previous, input]);
      previous = input.digest;
      return { to: brop.addresses.records, data };
    });
    const what = visit.documents.map(({ name }) => name.replace(/^.*: /, "")).join(", ");
    await paidStep(stage, `${INSTITUTIONS[visit.role].name} records ${what}`, async () => {
      const response = await clerks[visit.role].sendCalls(calls);
      await response.wait();
    });
  }
}
