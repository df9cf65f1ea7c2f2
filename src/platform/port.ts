import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { HEADER_LIMIT } from "../api/server-options.ts";
import { BropError } from "../core/errors.ts";

/** Requests that are still being answered at the end get this long. */
const FAREWELL = 5_000;
const SWEEP = 50;
/** Milliseconds in which the head of a request has to come. */
const HEAD_PATIENCE = 60_000;

/** The one port, held from the first moment of a start to the last moment of a stop. */
export interface Port {
  server: Server;
  /** Where it can be reached, for example `http://127.0.0.1:8420`. */
  url: string;
  number: number;
  /** From now on requests go to this listener; before, they are told to wait. */
  open(listener: RequestListener): void;
  /** Accepts nothing more and waits until the requests under way are answered. */
  close(): Promise<void>;
}

/**
 * Takes the port before anything is changed, so that a taken one refuses the start and nothing else can get in between.
 *
 * @throws BropError `port.taken`, `configuration.invalid` for an address that this machine does not have
 */
export async function takePort(host: string, port: number): Promise<Port> {
  let listener: RequestListener = tellToWait;
  // Bodies have their own limits (`limitSlowBodies`): a file may take hours. Heads have not.
  const settings = { maxHeaderSize: HEADER_LIMIT, requestTimeout: 0, headersTimeout: HEAD_PATIENCE };
  const server = createServer(settings, (request, response) => listener(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(refusal(host, port, error)));
    server.listen(port, host, resolve);
  });
  const number = (server.address() as AddressInfo).port;
  return {
    server,
    number,
    url: `http://${reachable(host)}:${number}`,
    open(opened) {
      listener = opened;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // A connection is kept alive after its last answer; nobody will ask on it any more.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
      const timer = new AbortController();
      const late = sleep(FAREWELL, "late", { signal: timer.signal }).catch(() => undefined);
      if ((await Promise.race([closed, late])) === "late") server.closeAllConnections();
      timer.abort();
      await closed;
      clearInterval(sweep);
    },
  };
}

/** A server that listens on every address is reached on this machine by the loopback one. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function refusal(host: string, port: number, error: NodeJS.ErrnoException): BropError {
  if (error.code === "EADDRINUSE") {
    return new BropError("port.taken", { port, option: "--port" }, `Port ${port} is in use by another program`);
  }
  const reason = error.code === "EACCES" ? `this user may not open port ${port}` : (error.code ?? error.message);
  return new BropError("configuration.invalid", { setting: "--host, --port", value: `${host}:${port}`, reason });
}

const tellToWait: RequestListener = (request, response) => {
  if (request.url === "/healthz") {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ status: "starting" }));
    return;
  }
  const problem = new BropError("service.unavailable", { reason: "the platform is starting" }).toProblem(request.url);
  response
    .writeHead(503, { "content-type": "application/problem+json", "retry-after": "2" })
    .end(JSON.stringify(problem));
};
