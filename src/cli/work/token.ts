import { canAgree, createTokenKey, readTokenKey, slotOf, type TokenKey } from "../../chain/signing/token/token-key.ts";
import { readPkcs11Uri, type TokenKeyName } from "../../core/pkcs11-uri.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

/** Makes a key in a token. */
export async function create(session: Session, uri: string): Promise<void> {
  const name = nameOf(session, uri);
  await tell(session, name, await createTokenKey(name));
}

/** Shows a key of a token. */
export async function show(session: Session, uri: string): Promise<void> {
  const name = nameOf(session, uri);
  await tell(session, name, await readTokenKey(name));
}

function nameOf(session: Session, uri: string): TokenKeyName {
  try {
    return readPkcs11Uri(uri);
  } catch (error) {
    return session.misuse(`error: URI ${(error as Error).message}`);
  }
}

async function tell(session: Session, name: TokenKeyName, key: TokenKey): Promise<void> {
  const [slot, agrees] = [await slotOf(name), await canAgree(name, key)];
  const { label, module } = name;
  session.output.result({ label, ...key, library: module, slot, node: agrees }, () =>
    [
      details([
        ["address", key.address],
        ["publicKey", key.publicKey],
        ["slot", String(slot)],
        [
          "for nodes",
          agrees ? "yes: it signs and agrees on secrets" : "no: it signs, and does not agree on secrets (ECDH)",
        ],
      ]),
      ...(agrees ? ["", "Where it is a node's, in the consortium's file:", "", ...entry(name, key, slot)] : []),
    ].join("\n"),
  );
}

/** The node's key as `brop network init` reads it. */
function entry({ label, module }: TokenKeyName, { publicKey }: TokenKey, slot: number): string[] {
  return [
    "    key:",
    `      publicKey: "${publicKey}"`,
    "      hsm:",
    "        provider: native-pkcs11",
    `        library: ${module}`,
    `        slot: ${slot}`,
    `        alias: ${label}`,
  ];
}
