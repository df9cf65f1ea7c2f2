import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { BropError } from "../../core/errors.ts";

/** Keys of files are age's (C2SP age): any tool that speaks age reads and writes the same files. */
export interface FileKey {
  /** `AGE-SECRET-KEY-1…`: whoever has it reads the files. */
  identity: string;
  /** `age1…`: whoever has it writes files for it. */
  recipient: string;
}

/** Makes a key for files. */
export async function createFileKey(): Promise<FileKey> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Bytes as they come, and how many there are. */
export interface SizedStream {
  stream: ReadableStream<Uint8Array>;
  size: number;
}

/**
 * Encrypts a file for recipients, before it leaves its owner, in constant memory.
 * @param recipients `age1…`, each of whom can read it alone
 * @throws BropError `request.invalid` for a recipient that is none
 */
export async function encryptFile(source: SizedStream, recipients: readonly string[]): Promise<SizedStream> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new BropError("request.invalid", { field: "encryptTo", value: recipient }, undefined, { cause });
    }
  }
  const stream = await encrypter.encrypt(source.stream);
  return { stream, size: stream.size(source.size) };
}

/**
 * Decrypts a file. Each part is authenticated before it is given out; one that was changed or cut ends the stream with an
 * error.
 *
 * @param identities `AGE-SECRET-KEY-1…`, of which one has to fit
 * @throws BropError `file.wrong-key` where none fits, `request.invalid` for an identity that is none
 */
export async function decryptFile(
  stream: ReadableStream<Uint8Array>,
  identities: readonly string[],
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity);
    } catch (cause) {
      // Not its text: it is a secret.
      throw new BropError("request.invalid", { field: "identity" }, "An identity is no age key", { cause });
    }
  }
  try {
    return await decrypter.decrypt(stream);
  } catch (cause) {
    throw new BropError("file.wrong-key", {}, undefined, { cause });
  }
}
