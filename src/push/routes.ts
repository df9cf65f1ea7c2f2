import { Readable } from "node:stream";
import websocket from "@fastify/websocket";
import { Ajv } from "ajv";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { cloudEvent, type StoredEvent } from "../core/cloud-event.ts";
import { BropError } from "../core/errors.ts";
import { type EventFilter, parseEventFilter } from "../core/event-filter.ts";
import { beginningOf, type EventPosition, eventId, parseEventId } from "../core/event-position.ts";
import type { EventReader } from "./event-reader.ts";
import { serveEventSocket } from "./event-socket.ts";
import { follow } from "./follow.ts";
import { Readers } from "./readers.ts";

export interface PushRoutesOptions {
  reader: EventReader;
  chainId: number;
  /** Who reads streams; shared with whoever counts them. */
  readers?: Readers;
}

interface EventsQuery {
  types?: string;
  where?: string;
  after?: string;
  fromBlock?: number;
}

/** Milliseconds without an event after which a reader is told that the connection lives. */
const QUIET = 15_000;
/** Connections that read, of both kinds, and those of one address among them. */
const MOST_READERS = 2_000;
const MOST_OF_ONE_ADDRESS = 500;
/** Server-sent events: how long a browser waits before it connects again, in milliseconds. */
const RECONNECT_AFTER = 2_000;
const MOST_MESSAGE_BYTES = 65_536;
const LONGEST_PARAMETER = 8_192;

// A misspelt filter that is passed over would let everything through.
const ajv = new Ajv({ coerceTypes: true, removeAdditional: false });

const QUERY_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    types: { type: "string", maxLength: LONGEST_PARAMETER, description: "Event types, separated by commas" },
    where: { type: "string", maxLength: LONGEST_PARAMETER, description: "Conditions on fields, as JSON" },
    after: { type: "string", maxLength: 64, description: "Id of the last event that is known; go on behind it" },
    fromBlock: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "Begin with this block" },
  },
};

/**
 * Fastify plugin: `/events` (server-sent events) and `/ws` (WebSocket), which tell events as they come and from any
 * event or block on (MW-2). What stands on the chain is public: any page may read it.
 */
export const pushRoutes: FastifyPluginAsync<PushRoutesOptions> = async (server, options) => {
  const { reader, chainId, readers = streamReaders() } = options;
  if (!server.hasDecorator("websocketServer")) {
    await server.register(websocket, { options: { maxPayload: MOST_MESSAGE_BYTES } });
  }
  const ended = new AbortController();
  server.addHook("preClose", async () => ended.abort());

  server.get<{ Querystring: EventsQuery }>(
    "/events",
    {
      schema: { hide: true, querystring: QUERY_SCHEMA } as object,
      validatorCompiler: ({ schema }) => ajv.compile(schema),
      errorHandler: answerProblem,
    },
    async (request, reply) => {
      const filter = filterOf(request.query);
      const after = positionOf(request, reader);
      const leave = readers.enter(request.ip);
      const gone = new AbortController();
      request.raw.once("close", () => gone.abort());
      const signal = AbortSignal.any([gone.signal, ended.signal]);
      const stream = Readable.from(lines(follow(reader, filter, after, QUIET, signal), chainId));
      stream.once("close", () => {
        leave();
        gone.abort();
      });
      return reply
        .header("content-type", "text/event-stream; charset=utf-8")
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no")
        .header("access-control-allow-origin", "*")
        .send(stream);
    },
  );

  server.get("/ws", { websocket: true, schema: { hide: true } as object }, (socket, request) => {
    try {
      socket.once("close", readers.enter(request.ip));
    } catch {
      // 1013, try again later (IANA's registry for RFC 6455).
      return socket.close(1013, "too many connections");
    }
    serveEventSocket(socket, reader, chainId, ended.signal);
  });
};

/** Places for readers of streams, of both kinds. */
export const streamReaders = () => new Readers(MOST_READERS, MOST_OF_ONE_ADDRESS);

/** Server-sent events as HTML describes them. */
async function* lines(events: AsyncGenerator<StoredEvent | undefined>, chainId: number): AsyncGenerator<string> {
  yield `retry: ${RECONNECT_AFTER}\n\n`;
  for await (const event of events) {
    if (event === undefined) yield ": still here\n\n";
    else
      yield `id: ${eventId(event, event.blockHash)}\nevent: ${event.type}\ndata: ${JSON.stringify(cloudEvent(event, chainId))}\n\n`;
  }
}

function filterOf({ types, where }: EventsQuery): EventFilter {
  return parseEventFilter({
    ...(types === undefined ? {} : { types: types.split(",") }),
    ...(where === undefined ? {} : { where: parseJson(where) }),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BropError("request.invalid", { field: "where", reason: "must be a JSON object" });
  }
}

/** A browser that connects again says in a header how far it is; that goes before what its address says. */
function positionOf(request: FastifyRequest<{ Querystring: EventsQuery }>, reader: EventReader): EventPosition {
  const known = request.headers["last-event-id"] || request.query.after;
  if (typeof known === "string") return parseEventId(known);
  return request.query.fromBlock === undefined ? reader.newest : beginningOf(request.query.fromBlock);
}

function answerProblem(
  thrown: Error & { validation?: { instancePath: string; message?: string }[] },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const invalid = thrown.validation?.[0];
  const error =
    invalid === undefined
      ? BropError.from(thrown)
      : new BropError("request.invalid", { field: invalid.instancePath.slice(1), reason: invalid.message });
  return reply
    .code(error.httpStatus)
    .type("application/problem+json")
    .header("access-control-allow-origin", "*")
    .send(JSON.stringify(error.toProblem(request.url)));
}
