import { expect } from "chai";
import Fastify from "fastify";
import { LocalSigner } from "../../src/chain/signing/local-signer.ts";
import { TransactionSigner } from "../../src/chain/signing/transaction-signer.ts";
import { BropError } from "../../src/core/errors.ts";
import { keptFor } from "../../src/platform/kept-for.ts";
import { addMetricsRoute, type Measurement } from "../../src/platform/metrics.ts";
import { readiness } from "../../src/platform/services/checks.ts";
import { processMeasurements } from "../../src/platform/services/process-measurements.ts";
import { SigningCounts } from "../../src/platform/services/signing-measurements.ts";
import { rejection } from "../support/rejection.ts";

const KEY = `0x${"11".repeat(32)}`;

/** The lines of /metrics that these measurements give. */
async function pageOf(measurements: readonly Measurement[]): Promise<string[]> {
  const server = Fastify();
  addMetricsRoute(server, measurements);
  const { body, statusCode } = await server.inject("/metrics");
  expect(statusCode).to.equal(200);
  await server.close();
  return body.split("\n").filter((line) => line.includes("brop_"));
}

describe("the page of measurements", () => {
  it("leaves out what can not be read or takes too long, and shows the rest", async function () {
    this.timeout(10_000);
    const lines = await pageOf([
      { name: "brop_broken", help: "x", read: () => Promise.reject(new Error("the database is down")) },
      {
        name: "brop_thrown",
        help: "x",
        read: () => {
          throw new Error("at once");
        },
      },
      { name: "brop_hung", help: "x", read: () => new Promise(() => undefined) },
      { name: "brop_well", help: "x", read: () => 7 },
    ]);
    expect(lines).to.include("brop_well 7");
    for (const name of ["brop_broken", "brop_thrown", "brop_hung"]) {
      expect(lines.filter((line) => line.startsWith(`${name} `))).to.deep.equal([]);
    }
  });

  it("counts what could not be read, for the next page at the latest", async () => {
    const server = Fastify();
    addMetricsRoute(server, [{ name: "brop_broken", help: "x", read: () => Promise.reject(new Error("down")) }]);
    await server.inject("/metrics");
    const { body } = await server.inject("/metrics");
    expect(body).to.match(/^brop_measurement_failures_total\{measurement="brop_broken"\} [12]$/m);
    await server.close();
  });

  it("has no value where none is known, and the type that was said", async () => {
    const lines = await pageOf([
      { name: "brop_unknown", help: "x", read: () => undefined },
      { name: "brop_sum_total", help: "x", counter: true, label: "kind", read: () => ({ a: 1, b: 2 }) },
    ]);
    expect(lines).to.include.members([
      "# TYPE brop_unknown gauge",
      "# TYPE brop_sum_total counter",
      'brop_sum_total{kind="a"} 1',
      'brop_sum_total{kind="b"} 2',
    ]);
    expect(lines.some((line) => line.startsWith("brop_unknown "))).to.equal(false);
  });

  it("shows a sum as it stands, not added up once more with each look", async () => {
    const server = Fastify();
    addMetricsRoute(server, [{ name: "brop_sum_total", help: "x", counter: true, read: () => 5 }]);
    await server.inject("/metrics");
    const { body } = await server.inject("/metrics");
    expect(body).to.match(/^brop_sum_total 5$/m);
    await server.close();
  });
});

describe("measurements of a process", () => {
  it("tell the room for its data, and connections where there is a server", async () => {
    const none = await pageOf(processMeasurements(import.meta.dirname, {}));
    expect(none.find((line) => line.startsWith("brop_data_free_bytes "))).to.match(/ [1-9]\d+(\.\d+)?(e\+\d+)?$/);
    expect(none.some((line) => line.startsWith("brop_database_waiting "))).to.equal(false);
    const connections = () => ({ busy: 3, idle: 1, waiting: 2 });
    const server = await pageOf(processMeasurements(import.meta.dirname, { connections }));
    expect(server).to.include.members([
      'brop_database_connections{state="busy"} 3',
      'brop_database_connections{state="idle"} 1',
      "brop_database_waiting 2",
    ]);
  });

  it("tell which checks fail, also when one breaks", async () => {
    const lines = await pageOf([
      readiness([
        { name: "chain", fault: async () => undefined },
        { name: "index", fault: async () => "9 blocks behind" },
        { name: "database", fault: () => Promise.reject(new Error("gone")) },
      ]),
    ]);
    expect(lines).to.include.members([
      'brop_ready{check="chain"} 1',
      'brop_ready{check="index"} 0',
      'brop_ready{check="database"} 0',
    ]);
  });

  it("count signatures of each key, and failures by their code", async () => {
    class Broken extends TransactionSigner {
      readonly address = "0xBroken";
      override signBytes(): Promise<never> {
        return Promise.reject(new BropError("signer.unreachable", { reason: "no answer in time" }));
      }
    }
    const counts = new SigningCounts();
    const own = new LocalSigner(KEY);
    const counted = counts.count(own);
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await counted.signBytes(bytes)).to.deep.equal(await own.signBytes(bytes));
    const transaction = { nonce: 0, to: own.address, data: "0x", gasLimit: 21_000, chainId: 1n };
    expect(await counted.sign(transaction)).to.deep.equal(await own.sign(transaction));
    const error = await rejection(counts.count(new Broken()).signBytes(bytes));
    expect(error).to.include({ code: "signer.unreachable" });
    const lines = await pageOf(counts.measurements);
    expect(lines).to.include.members([
      `brop_signatures_total{key="${own.address}"} 2`,
      'brop_signatures_total{key="0xBroken"} 0',
      'brop_signature_failures_total{code="signer.unreachable"} 1',
    ]);
  });
});

describe("what is kept for a while", () => {
  it("is read once in its time, and again at once after a failure", async () => {
    let now = 0;
    let reads = 0;
    const kept = keptFor(1_000, { now: () => now, sleep: async () => undefined }, async () => {
      reads++;
      if (reads === 2) throw new BropError("service.unavailable", { reason: "down" });
      return reads;
    });
    expect(await Promise.all([kept(), kept()])).to.deep.equal([1, 1]);
    now = 999;
    expect(await kept()).to.equal(1);
    now = 1_000;
    await rejection(kept());
    expect(await kept()).to.equal(3);
  });
});
