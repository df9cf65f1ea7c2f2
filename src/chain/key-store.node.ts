import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decryptKeystoreJson, encryptKeystoreJson, getAddress, Wallet } from "ethers";
import { BropError } from "../core/errors.ts";

/** What is told about a key; never the key itself. */
export interface StoredKey {
  name: string;
  /** Address of the key. */
  address: string;
  /** The smart account that this key operates, once it has one. */
  account?: string;
  /** False for a development key that lies open in its file. */
  encrypted: boolean;
}

/** A key's file: a Web3 Secret Storage document (version 3), or an open development key; both may name an account. */
interface KeyFile {
  /** Web3 Secret Storage writes it without `0x` and checksum. */
  address: string;
  account?: string;
  privateKey?: string;
  warning?: string;
  version?: number;
  [member: string]: unknown;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const SUFFIX = ".json";
const WARNING =
  "Development key, not encrypted: whoever reads this file can act in its name. Never use it in production.";

/**
 * Keys in a folder, one JSON file each, readable by their owner only (file 0600, folder 0700). Files are written whole
 * or not at all, and a key is never overwritten.
 */
export class KeyStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /**
   * Makes a key, or takes one over.
   * @param options.password encrypts the key (Web3 Secret Storage, scrypt); without one it lies open: development only
   * @param options.privateKey `0x` and 32 bytes; a new random key by default
   * @throws BropError `key.exists`, `key.insecure`, `request.invalid`
   */
  async create(name: string, options: { password?: string; privateKey?: string } = {}): Promise<StoredKey> {
    requireName(name);
    await this.#prepareDirectory();
    if (await exists(this.#path(name))) throw new BropError("key.exists", { name });
    const wallet = walletOf(options.privateKey);
    const content: KeyFile =
      options.password === undefined || options.password === ""
        ? { address: wallet.address, privateKey: wallet.privateKey, warning: WARNING }
        : (JSON.parse(
            await encryptKeystoreJson({ address: wallet.address, privateKey: wallet.privateKey }, options.password),
          ) as KeyFile);
    await this.#write(name, content, "new");
    return describe(name, content);
  }

  /**
   * Opens a key for signing.
   * @throws BropError `key.not-found`, `key.wrong-password`, `key.insecure`, `data.damaged`
   */
  async wallet(name: string, options: { password?: string } = {}): Promise<Wallet> {
    const content = await this.#read(name);
    if (content.privateKey !== undefined) return new Wallet(content.privateKey);
    if (options.password === undefined) {
      throw new BropError("key.wrong-password", { name, reason: "the key is encrypted: it needs its password" });
    }
    try {
      const { privateKey } = await decryptKeystoreJson(JSON.stringify(content), options.password);
      return new Wallet(privateKey);
    } catch (cause) {
      throw new BropError("key.wrong-password", { name }, undefined, { cause });
    }
  }

  /** Every key, by name. A folder that is not there yet has none. */
  async list(): Promise<StoredKey[]> {
    let files: string[];
    try {
      files = await readdir(this.directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw BropError.from(error);
    }
    const names = files
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .filter((name) => NAME.test(name));
    return Promise.all(names.sort().map(async (name) => describe(name, await this.#read(name))));
  }

  /** What is told about one key. @throws BropError `key.not-found`, `key.insecure`, `data.damaged` */
  async get(name: string): Promise<StoredKey> {
    return describe(name, await this.#read(name));
  }

  /** Notes the smart account that the key operates. @throws BropError `key.not-found`, `request.invalid` */
  async setAccount(name: string, account: string): Promise<void> {
    const content = await this.#read(name);
    let address: string;
    try {
      address = getAddress(account);
    } catch {
      throw new BropError("request.invalid", { field: "account", reason: "must be an address", value: account });
    }
    await this.#write(name, { ...content, account: address }, "replace");
  }

  #path(name: string): string {
    return join(this.directory, name + SUFFIX);
  }

  async #prepareDirectory(): Promise<void> {
    const made = await mkdir(this.directory, { recursive: true, mode: 0o700 });
    // `mkdir` leaves the umask's bits out, and gives the folders above the same mode.
    if (made !== undefined) await chmod(this.directory, 0o700);
    await requirePrivate(this.directory, 0o022, "others may write to the folder of keys");
  }

  async #read(name: string): Promise<KeyFile> {
    requireName(name);
    const path = this.#path(name);
    if (!(await exists(path))) throw new BropError("key.not-found", { name });
    await requirePrivate(path, 0o077, "others may read the key file");
    try {
      const content = JSON.parse(await readFile(path, "utf8")) as KeyFile;
      addressOf(content);
      if (content.privateKey === undefined && content.version !== 3) throw new Error("neither open nor encrypted");
      if (content.privateKey !== undefined) walletOf(content.privateKey);
      return content;
    } catch (cause) {
      throw new BropError("data.damaged", { path }, `The key file ${path} is damaged`, { cause });
    }
  }

  async #write(name: string, content: KeyFile, mode: "new" | "replace"): Promise<void> {
    const path = this.#path(name);
    const draft = join(this.directory, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
    try {
      await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
      if (mode === "replace") await rename(draft, path);
      // Unlike a rename, a link refuses a name that somebody took meanwhile.
      else await link(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new BropError("key.exists", { name });
      throw BropError.from(error);
    } finally {
      await rm(draft, { force: true });
    }
  }
}

function describe(name: string, content: KeyFile): StoredKey {
  return {
    name,
    address: addressOf(content),
    ...(content.account === undefined ? {} : { account: content.account }),
    encrypted: content.privateKey === undefined,
  };
}

function addressOf({ address }: KeyFile): string {
  return getAddress(address.startsWith("0x") ? address : `0x${address}`);
}

function walletOf(privateKey: string | undefined): { address: string; privateKey: string } {
  if (privateKey === undefined) return Wallet.createRandom();
  try {
    return new Wallet(privateKey);
  } catch {
    // The reason could hold the key: it is not passed on.
    throw new BropError("request.invalid", { field: "privateKey", reason: "must be 0x and 32 bytes in hexadecimal" });
  }
}

function requireName(name: string): void {
  if (NAME.test(name)) return;
  const reason = "must have 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a letter or digit";
  throw new BropError("request.invalid", { field: "name", reason, value: name });
}

async function requirePrivate(path: string, forbidden: number, reason: string): Promise<void> {
  // Windows has no such bits: its folders belong to their user.
  if (process.platform === "win32") return;
  const { mode } = await stat(path);
  if ((mode & forbidden) !== 0) {
    throw new BropError("key.insecure", { path, mode: (mode & 0o777).toString(8), reason });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw BropError.from(error);
  }
}
