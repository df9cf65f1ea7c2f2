import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { CloudEvent } from "../../src/core/cloud-event.ts";

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  event: CloudEvent;
}

/** How a receiver takes an event: a status, or headers beside it, or never. */
export type Answer = number | { status: number; headers: Record<string, string> } | "silence";

/** A business system that takes webhooks. */
export class Receiver {
  readonly received: Received[] = [];
  /** By default it takes everything. */
  answer: (received: Received, count: number) => Answer = () => 204;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body = Buffer.concat(parts).toString();
        const received = { headers: request.headers, body, event: JSON.parse(body) as CloudEvent };
        receiver.received.push(received);
        const answer = receiver.answer(received, receiver.received.length);
        if (answer === "silence") return;
        if (typeof answer === "number") response.writeHead(answer).end();
        else response.writeHead(answer.status, answer.headers).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Identifiers of events in the order in which they came. */
  get ids(): string[] {
    return this.received.map(({ event }) => event.id);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
