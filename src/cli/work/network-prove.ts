import { readFileSync } from "node:fs";
import { getAddress } from "ethers";
import { LocalSigner } from "../../chain/signing/local-signer.ts";
import type { TransactionSigner } from "../../chain/signing/transaction-signer.ts";
import { BropError } from "../../core/errors.ts";
import { PKCS11_SCHEME } from "../../core/pkcs11-uri.ts";
import { identityOf, provePossession } from "../../network/node-key.ts";
import { networkFolder, requireRecord } from "../../network/record.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";
import { type FolderOption, networkDirectory } from "./network-folder.ts";

/** Signs, with a node's key, that its holder wants the place of the seat's node. */
export async function prove(
  session: Session,
  key: string,
  typed: FolderOption & { seat: string; chainId?: number },
): Promise<void> {
  const seat = checked(typed.seat);
  const chainId = typed.chainId ?? requireRecord(networkFolder(networkDirectory(session, typed))).chainId;
  const { signer, publicKey } = await openNodeKey(session, key);
  const proof = await provePossession(signer, seat, chainId);
  session.output.result({ chainId, seat, node: signer.address, publicKey, proof }, () =>
    details([
      ["node", signer.address],
      ["publicKey", publicKey],
      ["proof", proof],
    ]),
  );
}

async function openNodeKey(session: Session, key: string): Promise<{ signer: TransactionSigner; publicKey: string }> {
  if (key.startsWith(PKCS11_SCHEME)) {
    const { readTokenKey } = await import("../../chain/signing/token/token-key.ts");
    const { readPkcs11Uri } = await import("../../core/pkcs11-uri.ts");
    const signer = await session.remoteKey(key, "KEY");
    return { signer, publicKey: (await readTokenKey(readPkcs11Uri(key))).publicKey };
  }
  const privateKey = readPrivateKey(key);
  return { signer: new LocalSigner(privateKey), publicKey: identityOf(privateKey).publicKey };
}

function readPrivateKey(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw BropError.from(error);
  }
  const privateKey = text.startsWith("0x") ? text : `0x${text}`;
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) {
    throw new BropError("request.invalid", { field: file, reason: "must be 0x and 64 hexadecimal digits" });
  }
  return privateKey;
}

function checked(address: string): string {
  try {
    return getAddress(address);
  } catch {
    throw new BropError("request.invalid", { field: "--seat", reason: "its check digits are wrong", value: address });
  }
}
