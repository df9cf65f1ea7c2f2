import { BropError } from "../../core/errors.ts";
import type { Call } from "../../core/execution.ts";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import { objectId } from "../../core/record-id.ts";
import { businessKeyDigest } from "../../core/record-input.ts";
import type { Database } from "../../store/database.ts";
import { findObject } from "../../store/queries/objects.ts";
import type { Form } from "../form.ts";
import type { ContractBook } from "./contract-book.ts";
import { makeRecord, type RecordRequest } from "./record.ts";

/** A link of an object's chain (EV-4). */
export interface ObjectLinkRequest extends Omit<RecordRequest, "subject"> {
  /** Identifier of the object; or its key, for an object of the account's own. */
  object?: string | undefined;
  objectKey?: string | undefined;
  /** Digest of the link before it, zero for the first; by default that of the last link that is indexed. */
  previous?: string | undefined;
}

const ZERO = `0x${"00".repeat(32)}`;

/**
 * A link at an object's end. An object that is named by its key and is not there yet is opened with it.
 * @throws BropError `request.invalid`; `resource.not-found` for an object that is not there
 */
export async function objectLinkForm(
  db: Database,
  book: ContractBook,
  owner: string,
  request: ObjectLinkRequest,
): Promise<Form> {
  const { object: given, objectKey, previous, ...described } = request;
  if ((given === undefined) === (objectKey === undefined)) {
    throw new BropError("request.invalid", { field: "object", reason: "give one of object and objectKey" });
  }
  const key = objectKey === undefined ? undefined : businessKeyDigest(objectKey);
  const object = key === undefined ? (given as string).toLowerCase() : objectId(owner, key);
  const found = await findObject(db, hexToBytes(object));
  if (found === undefined && key === undefined) throw new BropError("resource.not-found", { object });
  const { input, content, keep } = makeRecord(owner, described, object);
  const { address, interface: abi } = await book.find("Records");
  const head = previous ?? (found?.head ? bytesToHex(found.head) : ZERO);
  const append = abi.encodeFunctionData("append", [object, head, { ...input, subject: ZERO }]);
  const calls: Call[] = [{ target: address, data: append }];
  if (found === undefined && key !== undefined) {
    calls.unshift({ target: address, data: abi.encodeFunctionData("openObject", [key, []]) });
  }
  return { kind: "object-link", calls, content: { ...content, object, previous: head }, keep };
}
