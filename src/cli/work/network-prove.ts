import { readFileSync } from "node:fs";
import { getAddress } from "ethers";
import { BropError } from "../../core/errors.ts";
import { identityOf, provePossession } from "../../network/node-key.ts";
import { networkFolder, requireRecord } from "../../network/record.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";
import { type FolderOption, networkDirectory } from "./network-folder.ts";

/** Signs, with a node's key, that its holder wants the place of the seat's node. */
export async function prove(
  session: Session,
  file: string,
  typed: FolderOption & { seat: string; chainId?: number },
): Promise<void> {
  const seat = checked(typed.seat);
  const chainId = typed.chainId ?? requireRecord(networkFolder(networkDirectory(session, typed))).chainId;
  const key = readFileSync(file, "utf8").trim();
  const privateKey = key.startsWith("0x") ? key : `0x${key}`;
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) {
    throw new BropError("request.invalid", { field: file, reason: "must be 0x and 64 hexadecimal digits" });
  }
  const { address, publicKey } = identityOf(privateKey);
  const proof = await provePossession(privateKey, seat, chainId);
  session.output.result({ chainId, seat, node: address, publicKey, proof }, () =>
    details([
      ["node", address],
      ["publicKey", publicKey],
      ["proof", proof],
    ]),
  );
}

function checked(address: string): string {
  try {
    return getAddress(address);
  } catch {
    throw new BropError("request.invalid", { field: "--seat", reason: "its check digits are wrong", value: address });
  }
}
