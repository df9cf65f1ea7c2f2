import type { Database } from "../../src/store/database.ts";
import { digest, type FakeEvent } from "../indexer/fake-chain.ts";
import { ConsortiumChain } from "./chain/consortium-chain.ts";
import { chooseRates } from "./machine/faults.ts";
import { type Part, PlatformMachine, RELAY } from "./machine/platform-machine.ts";
import { Receivers } from "./machine/receivers.ts";
import { networkRelay, silentRelay } from "./machine/relays.ts";
import { SimulatedDatabase } from "./machine/simulated-database.ts";
import type { SimulatedProcess } from "./machine/simulated-process.ts";
import { BEGINNING, World } from "./machine/world.ts";
import { Random } from "./random.ts";
import { Clients } from "./workload/clients.ts";
import { PartnerSystems } from "./workload/partner-systems.ts";
import { directAct, foundation } from "./workload/people.ts";
import { StreamReader } from "./workload/streams.ts";
import { Subscribers } from "./workload/subscribers.ts";

const SECOND = 1_000;
const BLOCK_TIME = SECOND;
const OPERATOR = digest("operator").slice(0, 42);
const MOST_STREAMS = 3;

/** The processes of a run: all parts in one, or several that are killed one by one. */
const LAYOUTS: readonly Part[][][] = [
  [["indexer", "push", "access", "uplink"]],
  [["indexer", "push", "access", "uplink"]],
  [["indexer"], ["push"], ["access"], ["uplink"]],
  [["indexer", "access", "uplink"], ["push"]],
];

/** Everything that one seed decides: chain, machines, people, and what goes wrong. */
export class Scenario {
  readonly world: World;
  readonly chain: ConsortiumChain;
  readonly engine: Database;
  readonly receivers: Receivers;
  readonly machines: readonly PlatformMachine[];
  readonly clients: Clients;
  readonly subscribers: Subscribers;
  readonly partners: PartnerSystems;
  readonly streams: StreamReader[] = [];
  #mining = true;
  #operatorNonce = 0;

  constructor(seed: number, engine: Database, talkative: boolean) {
    const random = new Random(`seed ${seed}`);
    this.engine = engine;
    this.world = new World(random, chooseRates(random), talkative);
    const allowance = random.chance(0.2) ? { transactions: 40, period: 20 } : { transactions: 10_000, period: 1_000 };
    this.chain = new ConsortiumChain(BEGINNING / SECOND, allowance);
    this.receivers = new Receivers(this.world);
    const relays = (process: SimulatedProcess) => {
      const own = networkRelay(process, () => this.machineOf("access"));
      return censored ? [silentRelay(process), own] : [own];
    };
    const censored = random.chance(0.3);
    const around = { ...this, database: new SimulatedDatabase(engine), relays };
    this.machines = random.pick(LAYOUTS).map((parts) => new PlatformMachine(parts.join("+"), parts, around));
    this.clients = new Clients(this.world, this.chain, this.machineOf("access"));
    this.subscribers = new Subscribers(this.world, this.chain, this.machineOf("push"), this.receivers);
    this.partners = new PartnerSystems(this.world, this.chain, this.machineOf("uplink"), this.clients.operations);
  }

  machineOf(part: Part): PlatformMachine {
    return this.machines.find((machine) => machine.has(part)) as PlatformMachine;
  }

  /** The platform starts on a chain that has its contracts, and people begin to use it. */
  async begin(): Promise<void> {
    for (const does of foundation(this.chain)) this.#actDirectly(does);
    this.chain.mine(BEGINNING / SECOND + 1);
    for (const machine of this.machines) machine.start();
    this.world.time.after(BLOCK_TIME, () => this.#mine());
    this.world.faulty = false;
    await this.world.time.until(() => this.machines.every(({ running }) => running !== undefined), 60 * SECOND);
    this.world.faulty = true;
    this.#live();
  }

  /** From now on nothing goes wrong, and nobody begins anything. */
  calmDown(): void {
    this.world.say("nothing goes wrong any more");
    this.world.faulty = false;
    for (const machine of this.machines) machine.clockError = 0;
  }

  /** No more blocks. */
  freeze(): void {
    this.#mining = false;
  }

  #mine(): void {
    if (!this.#mining) return;
    const { world, chain } = this;
    if (world.fails("poolLoss") && chain.lose(RELAY.address, world.random)) world.count("bundles lost");
    chain.mine(Math.floor((BEGINNING + world.time.now) / SECOND));
    world.say(`chain: block ${chain.head} with ${chain.blocks[chain.head]?.receipts.length} transactions`);
    world.time.after(world.fails("lateBlock") ? world.random.integer(2_000, 9_000) : BLOCK_TIME, () => this.#mine());
  }

  #live(): void {
    const { world, chain } = this;
    if (!world.faulty) return;
    const { random } = world;
    const kind = random.integer(0, 19);
    if (kind <= 7) this.clients.act();
    else if (kind <= 11) this.partners.act();
    else if (kind <= 14) this.#actDirectly(directAct(chain, random));
    else if (kind <= 17) this.subscribers.act();
    else if (kind === 18) this.#read();
    else this.#setClock(random.pick(this.machines));
    world.time.after(random.integer(50, 900), () => this.#live());
  }

  #setClock(machine: PlatformMachine): void {
    const { random } = this.world;
    // Leases and what push tries again outlast a clock that is put back by as much.
    machine.clockError = random.pick([0, -20 * SECOND, -90 * SECOND, 90 * SECOND]);
  }

  #read(): void {
    if (this.streams.length >= MOST_STREAMS) return;
    const { world, chain } = this;
    this.streams.push(new StreamReader(world, this.machineOf("push"), world.random.integer(0, chain.head)));
  }

  #actDirectly(does: (block: number) => FakeEvent[]): void {
    const nonce = this.#operatorNonce++;
    this.chain.send({ hash: digest(`operator ${nonce}`), from: OPERATOR, nonce, gas: 1, data: "0x", does });
  }
}
