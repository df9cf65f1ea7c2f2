/**
 * Keeps bytes under their SHA-256. What it gives back is compared by whoever asks: a store may be wrong, and is not asked
 * whether it is.
 */
export interface ContentStore {
  /** For people, without secrets. */
  readonly name: string;
  /**
   * Takes in a finished file. When it resolves the content survives a loss of power; before, all of it or nothing is
   * there. A content that is there already is replaced, so that a damaged one is mended.
   *
   * @param path of a file that nobody changes any more; it stays where it is
   * @throws BropError `store.full`, `service.unavailable`
   */
  put(digest: string, path: string, size: number): Promise<void>;
  /**
   * The bytes from one position until before another.
   * @throws ContentMissing where there is nothing, or less; BropError `service.unavailable` where the store does not answer
   */
  read(digest: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Size of what is there; undefined where nothing is. @throws BropError `service.unavailable` */
  sizeOf(digest: string): Promise<number | undefined>;
  /** Removes a content; one that is not there is removed already. @throws BropError `service.unavailable` */
  remove(digest: string): Promise<void>;
  /** Everything that is there, in no order. */
  list(): AsyncIterable<{ digest: string; size: number }>;
}

/** The store does not have what it should have. */
export class ContentMissing extends Error {
  constructor(digest: string, options?: { cause?: unknown }) {
    super(`the store does not have ${digest}`, options);
    this.name = "ContentMissing";
  }
}

const NAME = /^[0-9a-f]{64}$/;

/** A content's name is 64 lower-case hexadecimal digits and nothing else, whoever asks. @throws Error */
export function checkName(digest: string): string {
  if (NAME.test(digest)) return digest;
  throw new Error("a content's name is its SHA-256 in hexadecimal digits");
}

/** Whether a name in a store is a content's. */
export function isName(text: string): boolean {
  return NAME.test(text);
}
