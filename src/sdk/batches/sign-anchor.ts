import { BropError } from "../../core/errors.ts";
import { encodeExecute } from "../../core/execution.ts";
import { parseUserOperation, type UserOperation } from "../../core/user-operation.ts";
import type { Account } from "../account.ts";
import type { Brop } from "../connect.ts";
import { signOperation } from "../owner.ts";
import { type ApiAccess, askApi } from "../requests.ts";
import type { SealedBatch } from "./shapes.ts";

/** Who signs anchors: a connection, and the account that owns the records. */
export interface AnchorSigner {
  brop: Brop;
  account: Account;
}

/**
 * Signs the operation that anchors a batch, if it waits for its signature. Signed is only what anchors this root with this
 * number of records for this account, and nothing else, whatever the platform says that it is.
 *
 * @returns whether it waited for its signature
 * @throws BropError `proof.invalid` for an operation that does something else; as the platform refuses
 */
export async function signAnchor(
  access: ApiAccess,
  { brop, account }: AnchorSigner,
  batch: Pick<SealedBatch, "submission" | "root" | "recordCount">,
): Promise<boolean> {
  if (batch.submission === null) return false;
  const path = `/v1/submissions/${encodeURIComponent(batch.submission)}`;
  const { state, operation } = (await (await askApi(access, "GET", path)).json()) as {
    state: string;
    operation: unknown;
  };
  if (state !== "received") return false;
  const made = parseUserOperation(operation);
  checkAnchor(brop, account, made, batch);
  const { signature } = await signOperation(account.owner, made, brop.chainId);
  const headers = { "content-type": "application/json" };
  await askApi(access, "POST", `${path}/signature`, { headers, body: JSON.stringify({ signature }) });
  return true;
}

function checkAnchor(
  brop: Brop,
  account: Account,
  { sender, callData, factory, paymaster, eip7702Auth }: UserOperation,
  { root, recordCount }: Pick<SealedBatch, "root" | "recordCount">,
): void {
  const { interface: abi } = brop.contracts.batchAnchors;
  const data = abi.encodeFunctionData("anchor", [root, recordCount]);
  const isAnchor =
    sender.toLowerCase() === account.address.toLowerCase() &&
    callData.toLowerCase() === encodeExecute([{ target: brop.addresses.batchAnchors, data }]) &&
    [factory, paymaster, eip7702Auth].every((part) => part === undefined);
  if (isAnchor) return;
  throw new BropError("proof.invalid", {
    part: "operation",
    reason: "it is not the anchor of this batch, and was not signed",
  });
}
