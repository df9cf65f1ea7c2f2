import { type Contract, encodeBytes32String, id, JsonRpcProvider, Wallet } from "ethers";
import fastify, { type FastifyInstance } from "fastify";
import { deploy } from "../../scripts/deployment/deploy.ts";
import { createApiKey, type Scope } from "../../src/api/access/api-key.ts";
import { apiRoutes } from "../../src/api/api-routes.ts";
import { type DevChain, type GenesisAllocation, startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { type NodeRpc, RpcClient } from "../../src/chain/rpc-client.ts";
import { LocalSigner } from "../../src/chain/signing/local-signer.ts";
import type { TransactionSigner } from "../../src/chain/signing/transaction-signer.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { ContractName } from "../../src/operator/act-kind.ts";
import { actContext } from "../../src/operator/context.ts";
import { Operator, type OperatorOptions } from "../../src/operator/operator.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import type { Database } from "../../src/store/database.ts";
import type { KeyRole } from "../../src/store/queries/api-keys/api-keys.ts";
import { FakeNode, signInFor } from "../api/fake-node.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { CHAIN_ID } from "../support/chain-id.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects of the JSON and fails where that is not
export type Body = any;

export interface Answer {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  body: Body;
}

interface AskOptions {
  key?: string;
  body?: object;
  idempotencyKey?: string;
}

const newWallet = () => new Wallet(Wallet.createRandom().privateKey);
const POLL_INTERVAL = 50;

/** A network with everything deployed, and keys of whoever decides on it. */
export interface OperatorNetwork {
  chain: DevChain;
  rpc: RpcClient;
  provider: JsonRpcProvider;
  operator: Wallet;
  seats: Wallet[];
  relay: Wallet;
  regulator: Wallet;
  /** A contract, for reading or with a key. */
  contract(name: ContractName, wallet?: Wallet): Promise<Contract>;
  stop(): Promise<void>;
}

export async function startNetwork({
  deployed = true,
  blockTime = 1,
  change = (_: GenesisAllocation) => {},
} = {}): Promise<OperatorNetwork> {
  const [operator, relay, regulator] = [newWallet(), newWallet(), newWallet()];
  const seats = [newWallet(), newWallet(), newWallet()];
  const genesis = await genesisAllocation({
    chainId: CHAIN_ID,
    operator: operator.address,
    seats: seats.map(({ address }) => address),
    relays: [relay.address],
    regulators: [regulator.address],
    council: { delayBlocks: 1, lifetimeBlocks: 10_000 },
  });
  change(genesis);
  const chain = await startDevChain({ genesis, blockTime, chainId: CHAIN_ID });
  const provider = new JsonRpcProvider(chain.url, CHAIN_ID, { staticNetwork: true, polling: true, cacheTimeout: -1 });
  provider.pollingInterval = POLL_INTERVAL;
  const rpc = new RpcClient(chain.url);
  if (deployed) await deploy(operator.connect(provider));
  const reading = actContext(rpc, CHAIN_ID, operator.address, undefined);
  return {
    ...{ chain, rpc, provider, operator, seats, regulator },
    relay: relay.connect(provider),
    async contract(name, wallet) {
      const contract = await reading.contract(name);
      return wallet === undefined ? contract : (contract.connect(wallet.connect(provider)) as Contract);
    },
    async stop() {
      reading.close();
      provider.destroy();
      rpc.close();
      await chain.stop();
    },
  };
}

/** What an office needs of a network. */
export interface OfficeNetwork {
  rpc: NodeRpc;
  operator: Wallet;
  seats: Wallet[];
}

export interface OfficeOptions extends Partial<OperatorOptions> {
  /** Whether a seat's key is there. */
  withSeat?: boolean;
  needsConfirmation?: boolean;
  signer?: TransactionSigner;
  /** Whether acts are carried out; without it they wait. */
  works?: boolean;
}

/** The operator API over a network, and whoever carries its acts out. */
export class Office {
  readonly db: Database;
  readonly server: FastifyInstance;
  readonly worker: Operator;
  /** API key of the role `operator` with every scope. */
  readonly key: string;
  readonly keyId: string;
  readonly #works: boolean;
  readonly #ownsDatabase: boolean;

  constructor(
    db: Database,
    server: FastifyInstance,
    worker: Operator,
    key: { key: string; id: string },
    works: boolean,
    owns: boolean,
  ) {
    this.db = db;
    this.server = server;
    this.worker = worker;
    this.key = key.key;
    this.keyId = key.id;
    this.#works = works;
    this.#ownsDatabase = owns;
  }

  static async open(network: OfficeNetwork, options: OfficeOptions = {}): Promise<Office> {
    const { withSeat = true, needsConfirmation = false, signer, works = true, ...others } = options;
    const db = others.db ?? (await openMigrated());
    const seat = withSeat ? new LocalSigner((network.seats[0] as Wallet).privateKey) : undefined;
    const worker = new Operator({
      ...{ rpc: network.rpc, chainId: CHAIN_ID, seat, pollInterval: POLL_INTERVAL, ...others, db },
      operator: signer ?? new LocalSigner(network.operator.privateKey),
    });
    if (works) await worker.start();
    const signIn = signInFor(db, new FakeNode());
    const retrieval = new Retrieval({ db, reader: db, clock: systemClock, logger: { warn: () => {} } });
    const server = fastify();
    const desk = { at: worker.at, needsConfirmation, nudge: () => worker.nudge() };
    await server.register(
      apiRoutes({
        db,
        indexer: undefined,
        signIn,
        retrieval,
        allowPrivate: true,
        subscriptionChanged: () => {},
        operator: desk,
      }),
    );
    await server.ready();
    const key = await makeKey(db, "operator");
    return new Office(db, server, worker, key, works, others.db === undefined);
  }

  /** Any request; with the operator's key unless another is given, `""` for none. */
  async ask(method: "GET" | "POST", path: string, options: AskOptions = {}): Promise<Answer> {
    const { key = this.key, body, idempotencyKey } = options;
    const answer = await this.server.inject({
      ...{ method, url: `/v1/operator${path}` },
      headers: {
        ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  /** Asks for an act and waits for its end. @returns the act */
  async act(path: string, body?: object): Promise<Body> {
    const answer = await this.ask("POST", `${path}?wait=done&timeout=60`, body === undefined ? {} : { body });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** As `act`, which has to be done. */
  async done(path: string, body?: object): Promise<Body> {
    const act = await this.act(path, body);
    if (act.state !== "done") throw new Error(`${path}: ${JSON.stringify(act)}`);
    return act;
  }

  async close(): Promise<void> {
    await this.server.close();
    if (this.#works) await this.worker.stop();
    if (this.#ownsDatabase) await this.db.close();
  }
}

export function makeKey(db: Database, role: KeyRole, scopes: Scope[] = ["*"], by = "platform") {
  return createApiKey(db, { name: role, role, scopes, expiresAt: null }, by, Date.now());
}

/** A time by which nothing expires in a test. */
export const IN_A_YEAR = new Date(Math.floor(Date.now() / 1_000 + 31_536_000) * 1_000).toISOString();
export const GROUND = id("stated ground");
export const AGREEMENT = encodeBytes32String("partner-agreement");
