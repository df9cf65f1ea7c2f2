import { installFastRecovery } from "../../../src/chain/fast-recovery.node.ts";
import { BUNDLE_SCHEMA } from "../../../src/core/bundle/schema.ts";
import { verifyBundleText } from "../../../src/core/bundle/verify-bundle.ts";
import { recordedFile } from "../recorded-tokens.ts";
import { allVectors, trustOf } from "./all-vectors.ts";
import { headerVectors, receiptVectors } from "./recorded-vectors.ts";
import { vectorBytes } from "./vector.ts";

/** The published test vectors: files by their paths below `test/vectors/bundles`. */
export async function vectorFiles(): Promise<Map<string, Uint8Array>> {
  await installFastRecovery();
  const set = await allVectors();
  const { trust, vectors } = set;
  const files = new Map<string, Uint8Array>();
  const write = (path: string, value: unknown) =>
    files.set(path, new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`));
  for (const [name, description] of Object.entries(trust)) write(`trust/${name}.json`, description);
  const list = [];
  // Many vectors are one file under different conditions.
  const names = new Map<string, string>();
  for (const vector of vectors) {
    const { name, what, padTo, digest, authorities, state, reason } = vector;
    const bytes = vectorBytes({ content: vector.content });
    const text = Buffer.from(bytes).toString("latin1");
    const file = names.get(text) ?? `files/${name}.json`;
    names.set(text, file);
    files.set(file, bytes);
    const start = trustOf(set, vector.trust);
    const { statements } = await verifyBundleText(vectorBytes(vector), start, {
      digest,
      authorities: (authorities ?? []).map(recordedFile),
    });
    list.push({
      ...{ name, what, file, trust: start === undefined ? null : `trust/${vector.trust}.json` },
      ...(digest === undefined ? {} : { digest }),
      ...(authorities === undefined ? {} : { authorities: authorities.map((one) => `trust/${one}`) }),
      ...(padTo === undefined ? {} : { padTo }),
      expect: {
        state,
        ...(reason === undefined ? {} : { reason }),
        statements: statements.map((one) =>
          [one.name, one.state, ...(one.reason === undefined ? [] : [one.reason])].join(" "),
        ),
      },
    });
  }
  for (const name of new Set(vectors.flatMap(({ authorities = [] }) => authorities))) {
    files.set(`trust/${name}`, recordedFile(name));
  }
  write("vectors.json", list);
  write("headers.json", headerVectors());
  write("receipts.json", receiptVectors());
  write("proof-bundle.schema.json", BUNDLE_SCHEMA);
  return files;
}
