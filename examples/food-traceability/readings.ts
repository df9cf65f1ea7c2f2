import { numbersFrom } from "./random.ts";

const HEADING = "time,device,temperature_celsius,relative_humidity_percent,door_open";
const DEVICE = "urn:epc:id:giai:9521002.1407";
const START = Date.parse("2026-04-07T16:30:00+08:00");
const END = Date.parse("2026-04-09T05:50:00+08:00");
const INTERVAL = 30_000;

/** What the refrigerated van measured on its way, one line every 30 seconds: CSV of 4,481 readings. */
export function transportReadings(lot: string): string {
  const next = numbersFrom(`readings ${lot}`);
  const lines = [HEADING];
  for (let time = START; time <= END; time += INTERVAL) {
    const hours = (time - START) / 3_600_000;
    const temperature = 5 + Math.sin(hours) + (next() - 0.5) * 0.8;
    const humidity = 50 + 3 * Math.cos(hours / 2) + (next() - 0.5) * 2;
    lines.push(`${localTime(time)},${DEVICE},${temperature.toFixed(2)},${humidity.toFixed(1)},0`);
  }
  return `${lines.join("\n")}\n`;
}

function localTime(time: number): string {
  return new Date(time + 8 * 3_600_000).toISOString().replace(".000Z", "+08:00");
}
