import { join } from "node:path";
import type { Wallet } from "ethers";
import { KeyStore } from "../chain/key-store.node.ts";
import type { EthersSigner } from "../chain/signing/ethers-signer.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { type Config, readConfig } from "../config.ts";
import { BropError } from "../core/errors.ts";
import { isRemoteKey, type KeySource, readKeySource } from "../core/key-source.ts";
import { reportTo } from "../platform/report.ts";
import type { Account, Brop } from "../sdk/index.ts";
import type { GlobalOptions } from "./options.ts";
import { type Output, outputOf } from "./output.ts";

/** Key that acts as the operator unless another is named; the development network's own. */
const OPERATOR = "operator";

/** What a command has at hand while it runs. Nothing is opened before it is asked for. */
export class Session {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly keys: KeyStore;
  /** Ends the command because it is not well put. */
  readonly misuse: (message: string) => never;
  readonly #config: Config;
  #connection: Promise<Brop> | undefined;

  constructor(options: GlobalOptions, misuse: (message: string) => never) {
    this.options = options;
    this.output = outputOf(options);
    this.misuse = misuse;
    this.#config = readConfig(options.rpc === undefined ? {} : { rpcUrl: options.rpc });
    this.keys = new KeyStore(options.keys ?? join(this.#config.data, "keys"));
  }

  /** Where the platform is asked for. */
  get url(): string {
    return this.#config.rpcUrl ?? `http://127.0.0.1:${this.#config.port}`;
  }

  /** The data folder. */
  get data(): string {
    return this.#config.data;
  }

  /** Key for the interface over HTTP; undefined where none is set. */
  get apiKey(): string | undefined {
    return this.#config.apiKey;
  }

  /** Besu's folder, where it is set. */
  get besuHome(): string | undefined {
    return this.#config.besuHome;
  }

  /** File of the trusted start, where it is set. */
  get trust(): string | undefined {
    return this.#config.trust;
  }

  /** Password of encrypted keys; undefined where none is set. */
  get password(): string | undefined {
    return this.#config.keyPassword;
  }

  brop(): Promise<Brop> {
    // Loaded here: commands about keys and the like need no network.
    this.#connection ??= import("../sdk/index.ts").then(({ connect }) => connect(this.url, { pollingInterval: 250 }));
    return this.#connection;
  }

  /** The key of that name, opened. */
  wallet(name: string): Promise<Wallet> {
    return this.keys.wallet(name, this.password === undefined ? {} : { password: this.password });
  }

  /**
   * A key that signs transactions of its own: of that name in the folder, or kept elsewhere, by the address that it has at
   * Web3Signer or by its `pkcs11:` address.
   */
  async signer(name: string): Promise<Wallet | EthersSigner> {
    if (!isRemoteKey(name)) return this.wallet(name);
    const { EthersSigner } = await import("../chain/signing/ethers-signer.ts");
    return new EthersSigner(await this.remoteKey(name, "--as"));
  }

  /** Opens a key that is kept elsewhere. @param option what named it */
  async remoteKey(text: string, option: string): Promise<TransactionSigner> {
    let source: KeySource;
    try {
      source = readKeySource(text);
    } catch (error) {
      return this.misuse(`error: ${option} ${(error as Error).message}`);
    }
    const { openKey } = await import("../chain/signing/open-key.ts");
    return openKey(source, this.#config, option);
  }

  /** The account of the key that `--as` names. */
  async actor(): Promise<Account> {
    const name = this.options.as ?? this.misuse("error: name the key to act with: --as NAME");
    return this.accountOf(name);
  }

  /** The account that a key operates. @throws BropError `account.uncertified` for a key that has none yet */
  async accountOf(name: string): Promise<Account> {
    const { account } = await this.keys.get(name);
    if (account === undefined)
      throw new BropError("account.uncertified", { key: name }, `The key ${name} has no account`);
    return (await this.brop()).account(account, await this.wallet(name));
  }

  /** The operator's or admission party's key, which signs transactions of its own. */
  async operator(): Promise<Wallet | EthersSigner> {
    const brop = await this.brop();
    return (await this.signer(this.options.as ?? OPERATOR)).connect(brop.provider);
  }

  /** Does something that takes a while, and says so on a terminal. With `--wait` missing quota points are waited for. */
  step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
    const { json, quiet, wait } = this.options;
    const note = (words: string) => this.output.note(words);
    const patient = async () => {
      if (!wait) return work();
      const { patiently } = await import("../sdk/patience.ts");
      return patiently(await this.brop(), work, (block) => note(`waiting for quota points, there at block ${block}`));
    };
    return process.stderr.isTTY && !json && !quiet ? reportTo(process.stderr).step(title, patient) : patient();
  }

  async close(): Promise<void> {
    const brop = await this.#connection?.catch(() => undefined);
    brop?.close();
  }
}
