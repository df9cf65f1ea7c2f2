import { serialisedRoots } from "../../core/batch/serialised-records.ts";
import { treeLevels, withLength } from "../../core/batch/tree.ts";
import { bytesToHex } from "../../core/hex.ts";
import type { Tile } from "../../store/queries/batch/sealed.ts";

/** Bytes of a node. */
export const NODE = 32;
/** Levels below the first nodes that are kept: 16 records are hashed anew for a proof. */
export const GROUP_HEIGHT = 4;
/** Levels that a tile's nodes span. */
export const TILE_HEIGHT = 8;
const TILE = 2 ** TILE_HEIGHT * NODE;
/** Height of the one tile at the top. */
export const TOP_HEIGHT = GROUP_HEIGHT + TILE_HEIGHT;

/** Root of a batch, and what is kept of its tree: two bytes and a little a record. */
export interface BuiltTree {
  root: string;
  tiles: Tile[];
}

/** Roots of records as bytes, put one behind another as portions come. */
export class LeafCollector {
  readonly leaves: Uint8Array;
  #filled = 0;

  /** @param count of all records */
  constructor(count: number) {
    this.leaves = new Uint8Array(count * NODE);
  }

  add(records: Uint8Array): void {
    const roots = serialisedRoots(records);
    this.leaves.set(roots, this.#filled);
    this.#filled += roots.length;
  }

  /** @throws Error when records are missing */
  build(): BuiltTree {
    if (this.#filled !== this.leaves.length) throw new Error("records of a batch are missing");
    return buildTree(this.leaves);
  }
}

/** @param leaves roots of the records, one after another */
export function buildTree(leaves: Uint8Array): BuiltTree {
  const groups = treeLevels(leaves, 0, GROUP_HEIGHT)[GROUP_HEIGHT] as Uint8Array;
  const levels = treeLevels(groups, GROUP_HEIGHT, 2 * TILE_HEIGHT);
  const top = levels[TILE_HEIGHT] as Uint8Array;
  const root = withLength(levels[2 * TILE_HEIGHT] as Uint8Array, leaves.length / NODE);
  return { root: bytesToHex(root), tiles: [...cut(GROUP_HEIGHT, groups), ...cut(TOP_HEIGHT, top)] };
}

function cut(height: number, nodes: Uint8Array): Tile[] {
  const count = Math.ceil(nodes.length / TILE);
  return Array.from({ length: count }, (_, position) => ({
    ...{ height, position },
    nodes: nodes.slice(position * TILE, (position + 1) * TILE),
  }));
}
