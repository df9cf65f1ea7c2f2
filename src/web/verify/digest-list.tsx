import { Facts } from "../components/card.tsx";
import { WholeHash } from "../components/hash.tsx";
import { algorithmName } from "../format/algorithm.ts";
import type { FileDigests } from "./digest-job.ts";

/** The digests of a file that were worked out, each with its algorithm. */
export function DigestList({ digests }: { digests: FileDigests }) {
  return (
    <Facts
      rows={Object.entries(digests).map(([algorithm, digest]) => {
        const name = algorithmName(algorithm);
        return [name, <WholeHash key={algorithm} value={digest} what={name} />];
      })}
    />
  );
}
