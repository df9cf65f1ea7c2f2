import { Readable } from "node:stream";
import { numbersFrom } from "./random.ts";

const WIDTH = 320;
const HEIGHT = 240;
const FRAMES = 1_440;
const FRAMES_A_SECOND = 10;

/**
 * What the heat camera over the roasting pan saw, 144 seconds: a video in the YUV4MPEG2 format, which players know.
 * 110.6 MB; it never stands in memory as a whole.
 */
export function roastingRecording(lot: string): Readable {
  return Readable.from(frames(lot));
}

function* frames(lot: string): Iterable<Uint8Array> {
  yield ascii(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_A_SECOND}:1 Ip A1:1 Cmono\n`);
  const head = ascii("FRAME\n");
  const next = numbersFrom(`recording ${lot}`);
  const noise = Uint8Array.from({ length: 4_096 }, () => next() * 24);
  for (let number = 0; number < FRAMES; number++) {
    const frame = new Uint8Array(head.length + WIDTH * HEIGHT);
    frame.set(head);
    const shift = Math.floor(next() * noise.length);
    for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
      const glow = 96 + ((pixel % WIDTH) >> 2) + (Math.floor(pixel / WIDTH) >> 3) + (number >> 5);
      frame[head.length + pixel] = glow + (noise[(pixel + shift) & 4_095] as number);
    }
    yield frame;
  }
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
