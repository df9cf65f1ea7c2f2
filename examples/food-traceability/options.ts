import { parseArgs } from "node:util";

export interface Options {
  /** A running platform. */
  url: string;
  /** Folder of the platform's keys, the operator's among them. */
  keys: string;
  /** One JSON document on standard output in place of words and pictures. */
  json: boolean;
  help: boolean;
}

export const USAGE = `Plays the story of a lot of tea on a running platform, and verifies it as a stranger.

  npm run demo -- [options]

  --rpc URL    platform (default http://127.0.0.1:8420); --url is the same
  --keys DIR   the platform's folder of keys (default ./data/keys)
  --json       one JSON document on standard output
  --help       this text
`;

/** @throws TypeError for an option that there is not */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rpc: { type: "string" },
      url: { type: "string" },
      keys: { type: "string", default: "./data/keys" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { rpc, url = rpc ?? "http://127.0.0.1:8420", keys, json, help } = values;
  return { url, keys, json, help };
}
