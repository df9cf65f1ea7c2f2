import { type AccessNode, createAccessNode } from "../../access/access-node.ts";
import { relaySigners } from "../signers.ts";
import type { ServicesOptions } from "./options.ts";

/** Starts the access node with its relays. */
export async function startAccess(options: ServicesOptions): Promise<AccessNode> {
  const { config, folder, db, chainUrl, development, logger, cleanup, signing } = options;
  const relayKey = (await relaySigners(config, folder.keys)).map((signer) => signing.count(signer));
  const access = await createAccessNode({
    ...{ rpc: chainUrl, db, relayKey, development, logger: logger.child({ part: "access" }) },
  });
  cleanup.add(() => access.stop());
  await access.start();
  return access;
}
