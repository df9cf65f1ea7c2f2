import { existsSync, readFileSync } from "node:fs";
import { BropError } from "../../core/errors.ts";
import type { Consortium } from "../consortium/consortium.ts";
import { sha256 } from "./archive.ts";

/** Besu's plugins that go into packages. */
export interface Jars {
  plugin: Uint8Array;
  /** Besu's HSM plugin, where it is at hand. */
  hsmPlugin?: Uint8Array;
  /** SHA-256 of the HSM plugin, also where whoever installs a node brings it along. */
  hsmPluginDigest?: string;
}

interface JarPaths {
  plugin: string;
  hsmPlugin?: string;
  hsmPluginDigest?: string;
}

/**
 * Reads the plugins.
 * @param known digest of the HSM plugin that the network's packages have already
 * @param remake whether all packages are made anew, so that another one may be taken
 * @throws BropError `file.not-found`; `network.archive-wrong` for an HSM plugin with another digest than the one expected
 */
export function readJars(paths: JarPaths, { nodes }: Consortium, known: string | undefined, remake: boolean): Jars {
  const { plugin, hsmPlugin } = paths;
  if (!existsSync(plugin)) {
    const words = `Besu's plugin is missing: ${plugin}. Build it (network/plugin/README.md), or name it with --plugin`;
    throw new BropError("file.not-found", { path: plugin }, words);
  }
  const jars: Jars = { plugin: readFileSync(plugin) };
  if (!nodes.some(({ key }) => key.custody === "hsm")) return jars;
  const { hsmPluginDigest: asked = remake && hsmPlugin !== undefined ? undefined : known } = paths;
  if (asked !== undefined && known !== undefined && asked !== known && !remake)
    refuse("--hsm-plugin-sha256", asked, known);
  if (hsmPlugin !== undefined) {
    jars.hsmPlugin = readHsmPlugin(hsmPlugin);
    const digest = sha256(jars.hsmPlugin);
    if (asked !== undefined && digest !== asked) refuse(hsmPlugin, digest, asked);
    jars.hsmPluginDigest = digest;
  } else if (asked !== undefined) jars.hsmPluginDigest = asked;
  return jars;
}

function readHsmPlugin(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw BropError.from(error);
  }
}

function refuse(what: string, digest: string, expected: string): never {
  const words = `${what} is not the HSM plugin that is expected: its SHA-256 is ${digest}, and ${expected} is wanted`;
  throw new BropError("network.archive-wrong", { path: what, sha256: digest, expected }, words);
}
