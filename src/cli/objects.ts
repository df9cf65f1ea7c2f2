import { businessKeyDigest, objectId } from "../sdk/index.ts";

/** An object as it was typed. */
export interface NamedObject {
  id: string;
  /** Digest of its business key; undefined where it was named by its identifier. */
  key: string | undefined;
}

/** @param owner account whose object it is, where it is named by its business key */
export function namedObject(text: string, owner: string): NamedObject {
  if (isObjectId(text)) return { id: text.toLowerCase(), key: undefined };
  const key = businessKeyDigest(text);
  return { id: objectId(owner, key), key };
}

export function isObjectId(text: string): boolean {
  return /^0x[0-9a-fA-F]{64}$/.test(text);
}
