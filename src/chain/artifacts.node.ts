import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { InterfaceAbi } from "ethers";
import { BropError } from "../core/errors.ts";

/** A compiled contract. */
export interface Artifact {
  contractName: string;
  abi: InterfaceAbi;
  bytecode: string;
  deployedBytecode: string;
  /** Places in the deployed code that the constructor fills in, in bytes; the build has zeros there. */
  immutableReferences?: Record<string, { start: number; length: number }[]>;
}

const ARTIFACTS = fileURLToPath(new URL("../../artifacts/", import.meta.url));

/**
 * Reads what the build made of a contract of ours, or of one of OpenZeppelin's, compiled with our settings.
 * @param path folder and name below `contracts/`, for example `evidence/Records`, or in the package `@openzeppelin/…`
 * @throws BropError `file.not-found` when the contracts have not been built
 */
export function readArtifact(path: string): Artifact {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return read(`${ARTIFACTS}${path.startsWith("@") ? "" : "contracts/"}${path}.sol/${name}.json`);
}

/** The AccessManager as OpenZeppelin publishes it, compiled with our settings. */
export function readAccessManager(): Artifact {
  return readArtifact("@openzeppelin/contracts/access/manager/AccessManager");
}

/** A contract of the published package of ERC-4337, as its authors compiled it. */
export function readEntryPointArtifact(name: "EntryPoint" | "SenderCreator"): Artifact {
  const require = createRequire(import.meta.url);
  return read(require.resolve(`@account-abstraction/contracts/artifacts/${name}.json`));
}

function read(file: string): Artifact {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Artifact;
  } catch (cause) {
    throw new BropError("file.not-found", { file }, "The contracts are not built: run `npm run build`", { cause });
  }
}
