import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Contract, encodeBytes32String } from "ethers";
import { abi } from "../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { type ChainAccess, withOperator } from "./contract-deployment.ts";

const DOCUMENT = encodeBytes32String("partner-agreement");
const FILE = "partner-agreement.txt";
const TEMPLATE = new URL(`./documents/${FILE}`, import.meta.url);

/**
 * Publishes the text that institutions sign before they are admitted (GO-1), if none is in force. The text is kept in
 * the data folder as it was published: a later version of the program does not change what was signed.
 */
export async function publishAgreement(chain: ChainAccess, documents: string): Promise<void> {
  const path = keepText(documents);
  await withOperator(chain, async (operator) => {
    const directory = new Contract(SYSTEM_ADDRESSES.Directory, abi.Directory, operator);
    const address = await directory.getFunction("addressOf")(encodeBytes32String("LegalDocuments"));
    const legalDocuments = new Contract(address, abi.LegalDocuments, operator);
    if ((await legalDocuments.getFunction("inForce")(DOCUMENT)) !== 0n) return;
    const digest = `0x${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
    const publish = legalDocuments.getFunction("publish");
    await (await publish(DOCUMENT, digest, `/documents/${FILE}`, { gasPrice: 0 })).wait();
  });
}

function keepText(documents: string): string {
  const path = join(documents, FILE);
  if (existsSync(path)) return path;
  mkdirSync(documents, { recursive: true });
  writeFileSync(`${path}.writing`, readFileSync(TEMPLATE), { flush: true });
  renameSync(`${path}.writing`, path);
  return path;
}
