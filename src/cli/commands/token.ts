import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop token`: keys in PKCS#11 tokens, HSMs among them, through OpenSC's `pkcs11-tool`. */
export function addToken(program: Command): void {
  const token = program
    .command("token")
    .description("keys in PKCS#11 tokens (HSMs), named by pkcs11: addresses (RFC 7512)");
  token
    .command("create <URI>")
    .description("make a key in a token, and show what others need to know of it")
    .action(action(async () => (await import("../work/token.ts")).create));
  token
    .command("show <URI>")
    .description("show a key of a token: address, public key, and whether it can be a node's")
    .action(action(async () => (await import("../work/token.ts")).show));
}
