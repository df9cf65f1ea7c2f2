import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { inspectionCertificate } from "../../../examples/food-traceability/certificate.ts";
import { transportReadings } from "../../../examples/food-traceability/readings.ts";
import { roastingRecording } from "../../../examples/food-traceability/recording.ts";
import { digestNativeStream } from "../../../src/core/digest.node.ts";
import type { EpcisEvent } from "../../../src/core/epcis.ts";

const LOT = "2612345678";
const OTHER_LOT = "2612345679";

describe("inspectionCertificate", () => {
  it("is a PDF whose table leads to every object", () => {
    const text = Buffer.from(inspectionCertificate(LOT)).toString("latin1");
    expect(text)
      .to.match(/^%PDF-1\.4\n/)
      .and.match(/%%EOF\n$/);
    const table = Number(/startxref\n(\d+)\n/.exec(text)?.[1]);
    const [, count] = /^xref\n0 (\d+)\n/.exec(text.slice(table)) ?? [];
    const places = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, place]) => Number(place));
    expect(places).to.have.length(Number(count) - 1);
    for (const [index, place] of places.entries()) {
      expect(text.slice(place)).to.satisfy((rest: string) => rest.startsWith(`${index + 1} 0 obj\n`));
    }
  });

  it("states the length of its content", () => {
    const text = Buffer.from(inspectionCertificate(LOT)).toString("latin1");
    const [, length, content] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(text) ?? [];
    expect(content).to.have.length(Number(length));
  });

  it("is about its lot", () => {
    expect(Buffer.from(inspectionCertificate(LOT)).toString()).to.include(LOT);
    expect(inspectionCertificate(LOT)).to.deep.equal(inspectionCertificate(LOT));
    expect(inspectionCertificate(LOT)).not.to.deep.equal(inspectionCertificate(OTHER_LOT));
  });
});

describe("transportReadings", () => {
  it("are thousands of readings at equal distances, within what the event of the transport says", async () => {
    const [heading, ...lines] = transportReadings(LOT).trimEnd().split("\n");
    expect(heading?.split(",")).to.have.length(5);
    expect(lines).to.have.length(4_481);
    const rows = lines.map((line) => line.split(",") as [string, string, string, string, string]);
    const times = rows.map(([time]) => Date.parse(time));
    for (const [index, time] of times.entries()) expect(time - (times[0] as number)).to.equal(index * 30_000);

    const { metadata, temperature } = await transportSensor();
    expect([times[0], times.at(-1)]).to.deep.equal([Date.parse(metadata.startTime), Date.parse(metadata.endTime)]);
    expect(new Set(rows.map(([, device]) => device))).to.deep.equal(new Set([metadata.deviceID]));
    for (const [, , celsius] of rows) {
      expect(Number(celsius)).to.be.within(temperature.minValue, temperature.maxValue);
    }
  });

  it("are the same for the same lot only", () => {
    expect(transportReadings(LOT)).to.equal(transportReadings(LOT));
    expect(transportReadings(LOT)).not.to.equal(transportReadings(OTHER_LOT));
  });
});

describe("roastingRecording", () => {
  it("is a video of more than 100 MB, whole frames after a heading", async () => {
    const pieces: number[] = [];
    let heading = "";
    for await (const piece of roastingRecording(LOT) as AsyncIterable<Uint8Array>) {
      if (pieces.length === 0) heading = Buffer.from(piece).toString();
      else expect(Buffer.from(piece.subarray(0, 6)).toString()).to.equal("FRAME\n");
      pieces.push(piece.length);
    }
    expect(heading).to.match(/^YUV4MPEG2 W320 H240 .*Cmono\n$/);
    const [, ...frames] = pieces;
    expect(new Set(frames)).to.deep.equal(new Set([6 + 320 * 240]));
    expect(pieces.reduce((sum, length) => sum + length)).to.be.greaterThan(100_000_000);
  });

  it("is the same for the same lot only", async () => {
    const [first, again, other] = await Promise.all(
      [LOT, LOT, OTHER_LOT].map((lot) => digestNativeStream(roastingRecording(lot))),
    );
    expect(first).to.deep.equal(again);
    expect(first).not.to.deep.equal(other);
  });
});

/** What the event of the transport says of the sensor whose readings stand in the file. */
async function transportSensor() {
  const path = new URL("../../../examples/food-traceability/input/logistics.json", import.meta.url);
  const events: EpcisEvent[] = JSON.parse(await readFile(path, "utf8")).epcisBody.eventList;
  const transport = events.find(({ bizStep }) => bizStep === "transporting");
  const [element] = (transport?.sensorElementList ?? []) as {
    sensorMetadata: { startTime: string; endTime: string; deviceID: string };
    sensorReport: { type: string; minValue: number; maxValue: number }[];
  }[];
  const temperature = element?.sensorReport.find(({ type }) => type === "Temperature");
  if (element === undefined || temperature === undefined) throw new Error("the event reports no temperature");
  return { metadata: element.sensorMetadata, temperature };
}
