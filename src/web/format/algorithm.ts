const NAMES: Readonly<Record<string, string>> = {
  "sha2-256": "SHA-256",
  "sha3-256": "SHA3-256",
  "sm3-256": "SM3",
  "sha2-512-256": "SHA-512/256",
};

/** A digest algorithm as its standard writes it; an unknown one by its code's name. */
export function algorithmName(algorithm: string): string {
  return NAMES[algorithm] ?? algorithm;
}
