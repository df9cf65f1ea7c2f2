import type { Command } from "commander";
import { action } from "../action.ts";
import { address, wholeNumber } from "../arguments.ts";
import { ACCOUNT_WORDS } from "../words.ts";

const MOST = 2 ** 48;

/** `brop operator`: acts of the operator's own key (`operator`, or --as). The operator API does the same by HTTP. */
export function addOperator(program: Command): void {
  const operator = program.command("operator").description("acts of the operator's key (key `operator`, or --as)");
  const number = wholeNumber(1, MOST);
  const ground = (command: Command) =>
    command.requiredOption("--ground <FILE>", "document with the stated ground; its digest is kept on chain");

  operator
    .command("orders")
    .description("list regulators' orders that wait for the operator")
    .action(action(async () => (await import("../work/operator.ts")).orders));
  operator
    .command("execute")
    .argument("<ORDER>", "number of the order", number)
    .requiredOption("--data <HEX>", "the call's data, as it came with the order")
    .description("make the call that a regulator has ordered")
    .action(action(async () => (await import("../work/operator.ts")).execute));
  operator
    .command("report")
    .argument("<ORDER>", "number of the order", number)
    .argument("<FILE>", "the report of what was done; its digest goes on chain")
    .description("end an order without a call by a report")
    .action(action(async () => (await import("../work/operator.ts")).report));

  for (const [name, words] of [
    ["suspend", "suspend a partner: it issues nothing new"],
    ["reinstate", "reinstate a suspended partner"],
    ["terminate", "terminate a partner for good"],
  ] as const) {
    ground(operator.command(`${name} <PARTNER>`))
      .description(`${words}. PARTNER: ${ACCOUNT_WORDS}`)
      .action(action(async () => (await import("../work/operator.ts")).onPartner(name)));
  }
  operator
    .command("quota-class")
    .argument("<ACCOUNT>", ACCOUNT_WORDS)
    .argument("<CLASS>", "number of the class; 0 takes it back", wholeNumber(0, 255))
    .description("give an account the quota class agreed for its business")
    .action(action(async () => (await import("../work/operator.ts")).quotaClass));
  ground(operator.command("refuse-voucher").argument("<APPLICATION>", "number of the application", number))
    .description("refuse an application for a voucher; `brop voucher create` approves one")
    .action(action(async () => (await import("../work/operator.ts")).refuse));
  operator
    .command("publish <DOCUMENT> <FILE>")
    .description("publish a legal document, or its next version; its digest goes on chain")
    .requiredOption("--location <URL>", "where the text can be had")
    .action(action(async () => (await import("../work/operator.ts")).publish));
  operator
    .command("register-authority <CERTIFICATE>")
    .description(
      "register a time-stamping authority under the certificate (PEM or DER) that its tokens are signed with",
    )
    .requiredOption("--policy <OID>", "object identifier of its time-stamping policy")
    .requiredOption("--location <URL>", "where the certificate and its chain can be had")
    .action(action(async () => (await import("../work/operator.ts")).registerAuthority));
  ground(operator.command("retire-authority").argument("<AUTHORITY>", "number of the authority", number))
    .description("take no more tokens of a time-stamping authority, for good")
    .action(action(async () => (await import("../work/operator.ts")).retire));
  operator
    .command("rotate")
    .description(
      "write the proposal that puts another key into the operator's place, with everything that the old one holds",
    )
    .requiredOption("--to <KEY>", "the new key: its name, its address at Web3Signer, or its pkcs11: address")
    .option(
      "--from <ADDRESS>",
      "the operator's address of today (default: that of the key `operator`, or --as)",
      address,
    )
    .requiredOption("--out <FILE>", "file for the proposal, for `brop council propose`")
    .action(action(async () => (await import("../work/operator-rotation.ts")).rotate));
}
