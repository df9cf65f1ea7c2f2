/** A key in a PKCS#11 token, as RFC 7512 names it. */
export interface TokenKeyName {
  /** Path of the token's PKCS#11 library. */
  module: string;
  /** Label of the token; without it `slot` says where it is. */
  token?: string;
  /** Number of the slot that the token is in. */
  slot?: number;
  /** Label of the key. */
  label: string;
  /** File with the PIN. */
  pinFile: string;
}

export const PKCS11_SCHEME = "pkcs11:";

const WORDS =
  "must be pkcs11:token=TOKEN;object=KEY?module-path=/PATH/OF/LIBRARY.so&pin-source=/PATH/OF/PIN (RFC 7512; slot-id=N may " +
  "stand for the token)";
/** CK_SLOT_ID is a number of 32 bits on some systems. */
const MOST_SLOT = 4_294_967_295;
const PATH_NAMES = ["token", "slot-id", "object", "type"];
const QUERY_NAMES = ["module-path", "pin-source"];

/**
 * Reads an RFC 7512 address such as `pkcs11:token=brop;object=seat?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/brop/pin`.
 * A PIN in the address itself (`pin-value`) is refused: addresses are shown and kept.
 *
 * @throws Error with words about what is wrong, which do not repeat the text
 */
export function readPkcs11Uri(text: string): TokenKeyName {
  if (!text.startsWith(PKCS11_SCHEME)) throw new Error(WORDS);
  const [path = "", query = "", ...rest] = text.slice(PKCS11_SCHEME.length).split("?");
  if (rest.length > 0) throw new Error(WORDS);
  const where = attributes(path, ";", PATH_NAMES);
  const how = attributes(query, "&", QUERY_NAMES);
  const [label, token, slotText] = [where.get("object"), where.get("token"), where.get("slot-id")];
  const module = how.get("module-path");
  const pinFile = how.get("pin-source")?.replace(/^file:(\/\/(?=\/))?/, "");
  const slot = slotText === undefined ? undefined : Number(/^\d{1,10}$/.test(slotText) ? slotText : Number.NaN);
  const isPlaced = token !== undefined || (slot !== undefined && slot <= MOST_SLOT);
  const isWhole = isText(label) && module?.startsWith("/") && pinFile?.startsWith("/");
  if (!isPlaced || !isWhole || (token !== undefined && (!isText(token) || slot !== undefined))) throw new Error(WORDS);
  const kind = where.get("type");
  if (kind !== undefined && kind !== "private") throw new Error(`${WORDS}; type can only be private`);
  return { module, label, pinFile, ...(token === undefined ? { slot: slot as number } : { token }) } as TokenKeyName;
}

/** A label as tokens take it: what is no label could be read as an option by the tool. */
function isText(text: string | undefined): text is string {
  return text !== undefined && /^[\w .:@+][\w .:@+-]{0,63}$/.test(text);
}

function attributes(text: string, separator: string, known: readonly string[]): Map<string, string> {
  const read = new Map<string, string>();
  for (const part of text.split(separator).filter((each) => each !== "")) {
    const at = part.indexOf("=");
    const name = part.slice(0, at);
    if (name === "pin-value")
      throw new Error("must not hold the PIN itself: put it into a file and name it by pin-source");
    if (at < 1 || !known.includes(name) || read.has(name)) throw new Error(WORDS);
    read.set(name, decoded(part.slice(at + 1)));
  }
  return read;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(WORDS);
  }
}
