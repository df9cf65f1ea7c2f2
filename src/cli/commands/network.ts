import type { Command } from "commander";
import { FAULT_KINDS } from "../../network/chaos/schedule.ts";
import { action } from "../action.ts";
import { address, digest, gathered, wholeNumber, wordsOf } from "../arguments.ts";

const MOST_BLOCKS = 2 ** 48;
const addresses = (value: string, before: readonly string[] = []) => [...before, address(value)];

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
    .option("--hsm-plugin-sha256 <HEX>", "digest that the HSM plugin has to have", digest)
    .option("--remake", "make every package anew, with the keys that are in the old ones")
    .option("--rotate-key <NODE>", "give a node another key: a new one, or the one that the file names now", gathered)
    .option("--rotate-relay <NODE>", "give an access node another relay, as the file names it now", gathered)
    .action(action(async () => (await import("../work/network-init.ts")).init));
  network
    .command("up")
    .description("run the whole network on this machine: nodes, contracts, services; what runs already stays")
    .option(...folder)
    .option("--nodes-only", "start the nodes, deploy nothing and start no services")
    .action(action(async () => (await import("../work/network-up.ts")).up));
  network
    .command("status")
    .description("show how every node does; on a terminal again and again, until Ctrl-C")
    .option(...folder)
    .option("--once", "show it once, on a terminal too")
    .action(action(async () => (await import("../work/network-status.ts")).status));
  network
    .command("stop")
    .description("stop services and nodes; everything is kept")
    .option(...folder)
    .action(action(async () => (await import("../work/network-up.ts")).stop));
  network
    .command("logs [NODE]")
    .description("show the last lines of the nodes' and the services' logs")
    .option(...folder)
    .option("--lines <N>", "how many of each", wholeNumber(1, 100_000), 20)
    .option("--follow", "go on with each new line, until Ctrl-C")
    .action(action(async () => (await import("../work/network-logs.ts")).logs));
  network
    .command("chaos")
    .description("let nodes of this machine's network fail under load, then check every answer against every node")
    .option(...folder)
    .option(
      "--minutes <N>",
      "how long nodes fail; before and after that it takes some minutes more",
      wholeNumber(1, 720),
      5,
    )
    .option("--seed <TEXT>", "decides what fails when (default: by chance, and said)")
    .option("--clients <N>", "clients that record, each one operation after the other", wholeNumber(1, 200), 8)
    .option("--only <KINDS>", `faults to choose from: ${FAULT_KINDS.join(",")}`, wordsOf(FAULT_KINDS))
    .option("--halt", "once, let so many validators fail that the chain stands still")
    .action(action(async () => (await import("../work/network-chaos.ts")).chaos));
  network
    .command("wipe")
    .description("stop the network and forget its chain; the packages stay, and `up` begins again at block 0")
    .option(...folder)
    .option("--yes", "do it")
    .action(action(async () => (await import("../work/network-up.ts")).wipe));
  network
    .command("monitoring")
    .description("write the configuration of Prometheus, Alertmanager and Grafana for the network")
    .option(...folder)
    .option("--at <NODE>", "node on whose machine they run (default: the first access node)")
    .option("--out <DIR>", "folder to write to (default: monitoring in the network's folder)")
    .action(action(async () => (await import("../work/network-monitoring.ts")).monitoring));
  network
    .command("override <GENESIS>")
    .description("name the validators in a node's genesis file, when too many are lost for any vote (docs/operations)")
    .option("--from-block <N>", "first block that they seal: the one after the newest", wholeNumber(1, MOST_BLOCKS))
    .option("--validator <ADDRESS...>", "address of each validator's node", addresses)
    .option("--back-at <N>", "first block that ValidatorSet's validators seal again", wholeNumber(2, MOST_BLOCKS))
    .action(action(async () => (await import("../work/network-override.ts")).override));
  network
    .command("install-besu <DIR>")
    .description("fetch the official release of Besu, check it and unpack it into a folder, for BESU_HOME")
    .option("--archive <FILE>", "take the release's archive from this file and fetch nothing")
    .action(action(async () => (await import("../work/network-besu.ts")).installBesu));
  network
    .command("prove <KEY>")
    .description(
      "prove possession of a validator's key, for the proposal that admits it; KEY: a file with the private key, or a " +
        "pkcs11: address",
    )
    .requiredOption("--seat <ADDRESS>", "seat of the validator", address)
    .option(...folder)
    .option("--chain-id <N>", "the network's chain id, where its folder is not at hand", wholeNumber(1, 4_294_967_295))
    .action(action(async () => (await import("../work/network-prove.ts")).prove));
}
