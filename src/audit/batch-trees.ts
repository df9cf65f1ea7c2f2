import { anchorId } from "../core/batch/record-batch.ts";
import { treeLevels } from "../core/batch/tree.ts";
import { bytesToHex } from "../core/hex.ts";
import type { Database } from "../store/database.ts";
import { type AuditedBatch, auditedBatches, missingPlaces, strayPlaces } from "../store/queries/audit/batches.ts";
import { findTile, leafRecords } from "../store/queries/batch/records.ts";
import type { Tile } from "../store/queries/batch/sealed.ts";
import { GROUP_HEIGHT, LeafCollector, NODE, TILE_HEIGHT, TOP_HEIGHT } from "../uplink/batch/tree.ts";
import type { AuditCheck, AuditReport, Finding } from "./audit.ts";

/** Records that are read at a time. */
const PORTION = 4_096;
const NODES_A_TILE = 2 ** TILE_HEIGHT;
const RECORDS_A_GROUP = 2 ** GROUP_HEIGHT;

/**
 * Records of batches and the kept levels of their trees against the roots that the chain has, and the index of digests
 * against the records. What the chain has stands in `batches`, whose rows the check of the index compares.
 */
export class BatchTreesCheck implements AuditCheck {
  readonly name = "batches";
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async *run(report: AuditReport): AsyncIterable<Finding> {
    let done = 0;
    for (let after = ""; ; ) {
      const batches = await auditedBatches(this.#db, after, 100);
      for (const batch of batches) {
        report.progress(this.name, "batches", done++);
        yield* this.#batch(batch);
      }
      const last = batches.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    for await (const { portion, position } of missingPlaces(this.#db)) {
      const key = { portion, position };
      yield { check: this.name, place: "batch_places", key, is: null, should: "a row for the record's digest" };
    }
    for await (const { place, prefix } of strayPlaces(this.#db)) {
      yield { check: this.name, place: "batch_places", key: { place }, is: prefix, should: null };
    }
  }

  async *#batch(batch: AuditedBatch): AsyncIterable<Finding> {
    const sealed = (part: string, is: unknown, should: unknown): Finding => {
      return { check: this.name, place: "sealed_batches", key: { id: batch.id }, part, is, should };
    };
    const { anchor, root, chainRoot, recordCount, chainCount, isDone } = batch;
    if (anchorId(batch.account, root) !== anchor) yield sealed("root", root, `the root of anchor ${anchor}`);
    if (isDone && chainRoot === null) yield sealed("open", false, true);
    if (chainCount !== null && chainCount !== recordCount) yield sealed("record_count", recordCount, chainCount);
    const collector = new LeafCollector(recordCount);
    for (let first = 0; first < recordCount; first += PORTION) {
      const last = Math.min(first + PORTION, recordCount) - 1;
      for (const records of await leafRecords(this.#db, batch.id, [{ first, last }])) collector.add(records);
    }
    const rebuilt = collector.build();
    const right = chainRoot ?? root;
    const recordsAreRight = rebuilt.root === right;
    if (!recordsAreRight) yield* this.#wrongRecords(batch, rebuilt.tiles, right);
    else yield* this.#wrongTiles(batch, rebuilt.tiles);
  }

  /** The records give the root that the chain has: what differs from their tree is wrong. */
  async *#wrongTiles(batch: AuditedBatch, tiles: readonly Tile[]): AsyncIterable<Finding> {
    for (const { height, position, nodes } of tiles) {
      const tile = await findTile(this.#db, batch.id, height, position);
      const key = { batch: batch.id, height, position };
      if (tile === undefined) {
        yield { check: this.name, place: "batch_tiles", key, is: null, should: `${nodes.length} bytes` };
        continue;
      }
      for (const at of differences(tile.nodes, nodes)) {
        const [is, should] = [nodeText(tile.nodes, at), nodeText(nodes, at)];
        yield { check: this.name, place: "batch_tiles", key, part: `nodes, node ${at}`, is, should };
      }
    }
  }

  /** The records do not give the root. Where the kept nodes do, these tell which records are wrong. */
  async *#wrongRecords(batch: AuditedBatch, tiles: readonly Tile[], root: string): AsyncIterable<Finding> {
    const top = await findTile(this.#db, batch.id, TOP_HEIGHT, 0);
    let named = false;
    for (const { position, nodes } of tiles.filter(({ height }) => height === GROUP_HEIGHT)) {
      const tile = await findTile(this.#db, batch.id, GROUP_HEIGHT, position);
      if (tile === undefined || top === undefined || !fits(tile, top)) continue;
      for (const at of differences(tile.nodes, nodes)) {
        named = true;
        const first = (position * NODES_A_TILE + at) * RECORDS_A_GROUP;
        const last = Math.min(first + RECORDS_A_GROUP, batch.recordCount) - 1;
        const [is, should] = [nodeText(nodes, at), nodeText(tile.nodes, at)];
        const key = { batch: batch.id, records: `${first} to ${last}` };
        yield { check: this.name, place: "batch_portions", key, part: "records", is, should };
      }
    }
    if (named) return;
    const key = { batch: batch.id, records: `0 to ${batch.recordCount - 1}` };
    yield { check: this.name, place: "batch_portions", key, part: "records", is: "another root", should: root };
  }
}

/** Places of nodes that differ. */
function differences(is: Uint8Array, should: Uint8Array): number[] {
  const count = Math.ceil(Math.max(is.length, should.length) / NODE);
  return Array.from({ length: count }, (_, at) => at).filter((at) => nodeText(is, at) !== nodeText(should, at));
}

const nodeText = (nodes: Uint8Array, at: number) => bytesToHex(nodes.subarray(at * NODE, (at + 1) * NODE));

/** Whether a tile's root is the node above it. */
function fits(tile: Tile, top: Tile): boolean {
  const levels = treeLevels(tile.nodes, GROUP_HEIGHT, TILE_HEIGHT);
  return nodeText(levels[TILE_HEIGHT] as Uint8Array, 0) === nodeText(top.nodes, tile.position);
}
