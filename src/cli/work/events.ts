import { setTimeout as sleep } from "node:timers/promises";
import { openApi } from "../api-client.ts";
import { wholeNumber } from "../number-option.ts";
import { type Paint, paintFor } from "../output.ts";
import type { Session } from "../session.ts";
import { printable } from "../table.ts";

interface CloudEvent {
  id: string;
  type: string;
  time: string;
  blocknumber: number;
  data: Record<string, unknown>;
}

interface EventsOptions {
  type?: string[];
  where?: string;
  fromBlock?: string;
  after?: string;
  count?: string;
}

/** Wait before a broken stream is asked for again, in milliseconds. */
const AGAIN = 2_000;

/** Follows the stream, and goes on behind the last event where it breaks off. */
export async function events(session: Session, options: EventsOptions): Promise<void> {
  const { type: types, where, fromBlock, count } = options;
  const most = count === undefined ? Number.POSITIVE_INFINITY : wholeNumber(session, "--count", count);
  const query = new URLSearchParams();
  if (types !== undefined) query.set("types", types.join(","));
  if (where !== undefined) query.set("where", where);
  if (fromBlock !== undefined) query.set("fromBlock", String(wholeNumber(session, "--from-block", fromBlock)));
  let { after } = options;
  let shown = 0;
  // The first answer tells whether what was asked for can be had; later ones may only be late.
  for (let first = true; shown < most; first = false) {
    if (after !== undefined) {
      query.delete("fromBlock");
      query.set("after", after);
    }
    const response = await openApi(session, `/events?${query}`).catch((error: unknown) => {
      if (first) throw error;
    });
    if (response?.body) {
      for await (const event of eventsOf(response.body)) {
        after = event.id;
        show(session, event);
        if (++shown >= most) return;
      }
    }
    await sleep(AGAIN);
  }
}

/** Server-sent events as they come; ends where the stream does. */
async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<CloudEvent> {
  let rest = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of stream) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = block.split("\n").find((line) => line.startsWith("data: "));
        if (data !== undefined) yield JSON.parse(data.slice("data: ".length)) as CloudEvent;
      }
    }
  } catch (error) {
    // A connection that breaks is asked for again; what can not be read is a fault.
    if (error instanceof SyntaxError) throw error;
  }
}

function show({ options }: Session, event: CloudEvent): void {
  if (options.json) process.stdout.write(`${JSON.stringify(event)}\n`);
  else process.stdout.write(`${lineOf(event, paintFor(process.stdout))}\n`);
}

function lineOf({ blocknumber, time, type, data }: CloudEvent, paint: Paint): string {
  const members = Object.entries(data).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${paint.dim(`${printable(name)}=`)}${printable(text)}`;
  });
  const kind = paint.cyan(printable(type.replace(/^brop\./, "")));
  return [paint.dim(printable(time)), paint.yellow(String(blocknumber)), kind, ...members].join(" ");
}
