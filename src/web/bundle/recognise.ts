/** A file that is not to be looked up but to be used: a proof bundle, or where trust in a network begins. */
export type SpecialFile =
  | { readonly kind: "bundle"; readonly bytes: Uint8Array }
  | { readonly kind: "trust"; readonly description: unknown };

/** Bytes at a file's beginning in which a bundle names itself. */
const HEAD = 4096;
/** A byte more than a bundle may have, so that one that is too large is told from one that is not. */
const MOST = 16 * 1024 * 1024 + 1;

/**
 * Recognises proof bundles, genesis files and checkpoints. Reads no more of a large file than it takes.
 * @returns undefined for every other file
 */
export async function recognise(file: File): Promise<SpecialFile | undefined> {
  if (!/\.json$/i.test(file.name)) return undefined;
  const head = await file.slice(0, HEAD).text();
  if (head.includes('"brop-proof-bundle"')) {
    return { kind: "bundle", bytes: new Uint8Array(await file.slice(0, MOST).arrayBuffer()) };
  }
  if (file.size >= MOST) return undefined;
  const description = parsed(await file.text());
  return isTrustDescription(description) ? { kind: "trust", description } : undefined;
}

function isTrustDescription(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { checkpoint, config } = value as { checkpoint?: unknown; config?: { chainId?: unknown } | null };
  return (typeof checkpoint === "object" && checkpoint !== null) || typeof config?.chainId === "number";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
