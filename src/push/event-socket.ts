import type { RawData, WebSocket } from "ws";
import { cloudEvent } from "../core/cloud-event.ts";
import { BropError } from "../core/errors.ts";
import { parseEventFilter } from "../core/event-filter.ts";
import { beginningOf, type EventPosition, parseEventId } from "../core/event-position.ts";
import type { EventReader } from "./event-reader.ts";
import { follow } from "./follow.ts";

/** Subscriptions of one connection. */
const MOST_SUBSCRIPTIONS = 20;
const LONGEST_NAME = 64;
const QUIET = 15_000;
/** Bytes that may wait for a slow reader before the next event is read for it. */
const WAITING_BYTES = 1_048_576;
const LOOK_AGAIN = 20;
/** Milliseconds after which a connection whose reader takes nothing is ended. */
const PATIENCE = 60_000;

/**
 * Serves one connection. The client sends
 * `{"type": "subscribe", "id": "a", "filter": {...}, "after": "12-3-0a1b2c3d" or "fromBlock": 12}` and gets
 * `{"type": "subscribed", "id": "a"}`, then `{"type": "event", "id": "a", "event": {...}}` for each event, in order, until
 * it sends `{"type": "unsubscribe", "id": "a"}`. What is wrong is answered as `{"type": "error", "problem": {...}}`.
 */
export function serveEventSocket(socket: WebSocket, reader: EventReader, chainId: number, ended: AbortSignal): void {
  const subscriptions = new Map<string, AbortController>();
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const endAll = () => {
    for (const subscription of subscriptions.values()) subscription.abort();
    subscriptions.clear();
  };
  // 1012, service restart (IANA's registry for RFC 6455): come again.
  const close = () => socket.close(1012, "the service stops");
  ended.addEventListener("abort", close, { once: true });
  socket.once("close", () => {
    ended.removeEventListener("abort", close);
    endAll();
  });
  // A broken connection ends by itself; an error without a listener would end the process.
  socket.on("error", () => undefined);
  socket.on("message", (data: RawData) => {
    let id: string | undefined;
    try {
      const message = parse(data);
      id = nameOf(message);
      if (message.type === "unsubscribe") {
        subscriptions.get(id)?.abort();
        subscriptions.delete(id);
        send({ type: "unsubscribed", id });
      } else if (message.type === "subscribe") {
        subscribe(id, message);
      } else {
        throw invalid("type", "must be subscribe or unsubscribe");
      }
    } catch (error) {
      send({ type: "error", ...(id === undefined ? {} : { id }), problem: BropError.from(error).toProblem("/ws") });
    }
  });

  function subscribe(id: string, message: Record<string, unknown>): void {
    if (subscriptions.has(id)) throw invalid("id", "is in use on this connection");
    if (subscriptions.size >= MOST_SUBSCRIPTIONS) {
      throw new BropError("request.rate-limited", { subscriptions: subscriptions.size });
    }
    const filter = parseEventFilter(message.filter);
    const after = positionOf(message, reader);
    const ending = new AbortController();
    subscriptions.set(id, ending);
    send({ type: "subscribed", id });
    tell(id, follow(reader, filter, after, QUIET, ending.signal)).catch((error: unknown) => {
      subscriptions.delete(id);
      send({ type: "error", id, problem: BropError.from(error).toProblem("/ws") });
    });
  }

  async function tell(id: string, events: ReturnType<typeof follow>): Promise<void> {
    for await (const event of events) {
      if (event === undefined) socket.ping();
      else send({ type: "event", id, event: cloudEvent(event, chainId) });
      await roomToSend();
    }
  }

  async function roomToSend(): Promise<void> {
    const start = Date.now();
    while (socket.bufferedAmount > WAITING_BYTES && socket.readyState === socket.OPEN) {
      if (Date.now() - start > PATIENCE) return socket.terminate();
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
  }
}

function parse(data: RawData): Record<string, unknown> {
  let message: unknown;
  try {
    message = JSON.parse(data.toString());
  } catch {
    throw new BropError("request.malformed");
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    throw new BropError("request.invalid", { reason: "must be an object" });
  }
  return message as Record<string, unknown>;
}

function nameOf({ id }: Record<string, unknown>): string {
  if (typeof id === "string" && id.length > 0 && id.length <= LONGEST_NAME) return id;
  throw invalid("id", `must be a text of 1 to ${LONGEST_NAME} characters`);
}

function positionOf({ after, fromBlock }: Record<string, unknown>, reader: EventReader): EventPosition {
  if (after !== undefined) {
    if (typeof after !== "string") throw invalid("after", "must be an event's id");
    return parseEventId(after);
  }
  if (fromBlock === undefined) return reader.newest;
  if (Number.isSafeInteger(fromBlock) && (fromBlock as number) >= 0) return beginningOf(fromBlock as number);
  throw invalid("fromBlock", "must be a block number");
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}
