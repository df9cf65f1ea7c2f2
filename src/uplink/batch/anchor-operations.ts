import { getAddress } from "ethers";
import type { SealedBatch } from "../../store/queries/batch/sealed.ts";
import type { Form } from "../form.ts";
import type { ContractBook } from "../forms/contract-book.ts";
import type { SignFor } from "../sign-for.ts";
import type { Plan, Submissions } from "../submissions.ts";
import type { AnchorOperations } from "./anchoring.ts";

/** An operation that is signed here is included at once, or never: ten minutes of 3-second blocks. */
const SIGNED_HERE = 200;
/** One that its partner signs may wait for a person: half a day. */
const SIGNED_ELSEWHERE = 14_400;

/**
 * Anchors are operations of the account that owns the records, and submissions of the tenant that handed them over: it
 * finds them among its own. Where the account's key is kept here and the account itself handed the records over, the
 * operation is signed here; otherwise it waits for its signature, as every prepared one does.
 */
export function anchorOperations(
  submissions: Submissions,
  book: ContractBook,
  signFor: SignFor | undefined,
): AnchorOperations<Plan> {
  return {
    async plan(batch) {
      const { tenant, account } = batch;
      const isOwn = tenant === account;
      const caller = { tenant, principal: "platform" };
      const planned = async (deadlineBlocks: number) =>
        submissions.plan(caller, await anchorForm(book, batch), { account: getAddress(account), deadlineBlocks });
      if (signFor === undefined || !isOwn) return planned(SIGNED_ELSEWHERE);
      const plan = await planned(SIGNED_HERE);
      const { operation, hash } = plan.made;
      const signature = await signFor(operation, hash);
      if (signature === undefined) return planned(SIGNED_ELSEWHERE);
      return { ...plan, made: { ...plan.made, operation: { ...operation, signature }, signed: true } };
    },
    async store(tx, plan) {
      const [row] = await submissions.store(tx, [plan]);
      return row?.id as string;
    },
  };
}

async function anchorForm(book: ContractBook, { id, anchor, root, recordCount }: SealedBatch): Promise<Form> {
  const { address, interface: abi } = await book.find("BatchAnchors");
  const data = abi.encodeFunctionData("anchor", [root, recordCount]);
  return {
    kind: "batch-anchor",
    calls: [{ target: address, data }],
    content: { batch: id, anchor, root, recordCount },
  };
}
