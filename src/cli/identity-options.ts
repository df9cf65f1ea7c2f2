import type { Command } from "commander";
import { bytes32 } from "./arguments.ts";

export interface IdentityOptions {
  identity?: string;
  identityDigest?: string;
}

export function addIdentityOptions(command: Command): Command {
  return command
    .option("--identity <FILE>", "identity data, a JSON object; only its salted digest goes on chain")
    .option("--identity-digest <DIGEST>", "digest of the salted identity data, where it is made elsewhere", bytes32);
}
