import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop subscription`: webhooks. */
export function addSubscription(program: Command): void {
  const subscriptions = program.command("subscription").description("webhooks: have events sent to an address");
  const load = () => import("../work/subscription.ts");
  subscriptions
    .command("create <URL>")
    .description("have events sent to an address")
    .option("--type <TYPE...>", "only events of these types, as records.*")
    .option("--where <JSON>", "conditions on fields")
    .option("--from-block <N>", "also events since this block")
    .option("--description <TEXT>", "for people")
    .action(action(async () => (await load()).create));
  subscriptions
    .command("list")
    .description("show the subscriptions of the key")
    .action(action(async () => (await load()).list));
  subscriptions
    .command("delete <ID>")
    .description("end a subscription")
    .action(action(async () => (await load()).remove));
  subscriptions
    .command("deliveries <ID>")
    .description("show what a subscription was told, newest first")
    .option("--state <STATE>", "pending, delivered or dead")
    .action(action(async () => (await load()).deliveries));
  subscriptions
    .command("replay <ID>")
    .description("tell all events from a block on once more")
    .requiredOption("--from-block <N>", "first block")
    .action(action(async () => (await load()).replay));
}
