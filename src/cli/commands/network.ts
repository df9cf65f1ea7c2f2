import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop network`: a consortium's Besu network. */
export function addNetwork(program: Command): void {
  const network = program.command("network").description("a consortium's Besu network: its packages, and trials of it");
  const folder = [
    "--dir <DIR>",
    "folder of the network (default: network in the data folder, ./data/network)",
  ] as const;
  network
    .command("init <FILE>")
    .description("make genesis, keys and one package a node from the file that describes the consortium")
    .option(...folder)
    .option("--plugin <JAR>", "Besu's plugin with the network's rules (default: network/plugin/target/brop-plugin.jar)")
    .option("--hsm-plugin <JAR>", "Besu's HSM plugin, for nodes with their key in a token")
    .option("--remake", "make every package anew, with the keys that are in the old ones")
    .action(action(async () => (await import("../work/network-init.ts")).init));
}
