import { joinPaths } from "../../core/batch/multi-path.ts";
import { serialisedRoots } from "../../core/batch/serialised-records.ts";
import { lengthNode, treeLevels, treePath, withLength } from "../../core/batch/tree.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import { findTile, leafRecords } from "../../store/queries/batch/records.ts";
import type { SealedBatch } from "../../store/queries/batch/sealed.ts";
import { GROUP_HEIGHT, NODE, TILE_HEIGHT, TOP_HEIGHT } from "./tree.ts";

/** A subtree whose nodes are at hand. */
interface Subtree {
  levels: Uint8Array[];
  /** Its topmost node. */
  root: string;
}

/** A record's root, and the 21 nodes from it to the batch's root. */
export interface LeafPath {
  leaf: string;
  path: string[];
}

type Batch = Pick<SealedBatch, "id" | "root" | "recordCount">;

/** Subtrees that are remembered: 16 kB each. */
const MOST_KNOWN = 512;
const GROUP = 2 ** GROUP_HEIGHT;

/**
 * Paths of records to the roots of their batches, from the tiles that are kept: two tiles and sixteen records a path,
 * whatever the batch's size. Each piece is compared with the one above it, so that nothing that rotted on disk gets into
 * a proof.
 */
export class BatchPaths {
  readonly #db: Database;
  readonly #known = new Map<string, Subtree>();

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * @returns the record's root, and the 21 nodes of its path
   * @throws BropError `data.damaged` naming the piece that does not fit
   */
  async path(batch: Batch, index: number): Promise<LeafPath> {
    const [path] = await this.paths(batch, [index]);
    return path as LeafPath;
  }

  /** Paths of many records of a batch at a time, in the order of their places as they are given. Throws as `path` */
  async paths(batch: Batch, indices: readonly number[]): Promise<LeafPath[]> {
    const top = await this.#tile(batch, TOP_HEIGHT, 0);
    const mixed = bytesToHex(withLength(top.levels[TILE_HEIGHT] as Uint8Array, batch.recordCount));
    if (mixed !== batch.root) throw damaged(batch, { height: TOP_HEIGHT, position: 0 });
    const firsts = [...new Set(indices.map((index) => index - (index % GROUP)))];
    const ranges = firsts.map((first) => ({ first, last: Math.min(first + GROUP, batch.recordCount) - 1 }));
    const records = await leafRecords(this.#db, batch.id, ranges);
    const groups = new Map<number, Uint8Array>();
    for (const [at, first] of firsts.entries()) groups.set(first, records[at] as Uint8Array);
    const paths: LeafPath[] = [];
    for (const index of indices) {
      const tile = await this.#tile(batch, GROUP_HEIGHT, index >>> TOP_HEIGHT);
      paths.push(this.#join(batch, top, tile, groups.get(index - (index % GROUP)) as Uint8Array, index));
    }
    return paths;
  }

  /** Leaves and nodes of one proof of several records. @param indices in rising order. Throws as `path` */
  async multiPath(batch: Batch, indices: readonly number[]) {
    const paths = (await this.paths(batch, indices)).map((path, at) => ({ index: indices[at] as number, ...path }));
    return { leaves: paths.map(({ index, leaf }) => ({ index, leaf })), nodes: joinPaths(paths) };
  }

  /** The path through the three pieces, each of which has to fit the one above it. */
  #join(batch: Batch, top: Subtree, tile: Subtree, records: Uint8Array, index: number): LeafPath {
    const group = subtree(serialisedRoots(records), 0, GROUP_HEIGHT);
    const position = index >>> TOP_HEIGHT;
    if (nodeAt(top, position) !== tile.root) throw damaged(batch, { height: GROUP_HEIGHT, position });
    const place = (index >>> GROUP_HEIGHT) % 2 ** TILE_HEIGHT;
    if (nodeAt(tile, place) !== group.root) {
      const first = index - (index % GROUP);
      throw damaged(batch, { records: `${first} to ${Math.min(first + GROUP, batch.recordCount) - 1}` });
    }
    const path = [
      ...treePath(group.levels, 0, index % GROUP),
      ...treePath(tile.levels, GROUP_HEIGHT, place),
      ...treePath(top.levels, TOP_HEIGHT, position),
      lengthNode(batch.recordCount),
    ];
    return { leaf: nodeAt(group, index % GROUP), path: path.map(bytesToHex) };
  }

  async #tile(batch: Batch, height: number, position: number): Promise<Subtree> {
    const name = `${batch.id} ${height} ${position}`;
    const known = this.#known.get(name);
    if (known !== undefined) {
      this.#known.delete(name);
      this.#known.set(name, known);
      return known;
    }
    const tile = await findTile(this.#db, batch.id, height, position);
    if (tile === undefined || tile.nodes.length === 0 || tile.nodes.length % NODE !== 0) {
      throw damaged(batch, { height, position });
    }
    const found = subtree(tile.nodes, height, TILE_HEIGHT);
    this.#known.set(name, found);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return found;
  }
}

function subtree(nodes: Uint8Array, base: number, height: number): Subtree {
  const levels = treeLevels(nodes, base, height);
  return { levels, root: bytesToHex((levels[height] as Uint8Array).subarray(0, NODE)) };
}

function nodeAt({ levels: [nodes] }: Subtree, index: number): string {
  return bytesToHex((nodes as Uint8Array).subarray(index * NODE, (index + 1) * NODE));
}

function damaged(batch: Batch, piece: Record<string, unknown>): BropError {
  return new BropError("data.damaged", { batch: batch.id, ...piece, reason: "it does not fit the batch's root" });
}
