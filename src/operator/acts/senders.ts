import { councilCall, type ProposalInput, proposalAct } from "./council.ts";

/** `IAdmission.Kind`. */
export const SENDER_KINDS = { operator: 1, seat: 2, relay: 3 } as const;
export type SenderKind = keyof typeof SENDER_KINDS;

/** Proposes to Council that an address may send transactions of its own (CH-2), so many a period. */
export const admitSender = proposalAct<ProposalInput & { sender: string; kind: SenderKind; allowance: number }>(
  "sender.admit",
  async ({ sender, kind, allowance }, at) => {
    const what = `${sender} is admitted as ${kind}, with ${allowance} transactions a period`;
    return [await councilCall(at, what, "Admission", "admit", [sender, SENDER_KINDS[kind], allowance])];
  },
);

/** Proposes to Council that a sender is removed for good. */
export const removeSender = proposalAct<ProposalInput & { sender: string; ground: string }>(
  "sender.remove",
  async ({ sender, ground }, at) => [
    await councilCall(at, `${sender} is removed`, "Admission", "remove", [sender, ground]),
  ],
);
