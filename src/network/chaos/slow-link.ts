import { connect, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * A way to a port that takes its time: whatever passes, in either direction and in its order, is held back for so many
 * milliseconds. For connections between nodes, where the system offers no slow network without administrators' rights.
 */
export class SlowLink {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server, port: number, delay: number) {
    this.#server = server;
    server.on("connection", (near) => {
      const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(from);
        from.on("close", () => this.#open.delete(from));
        // One that breaks off takes the other along.
        from.on("error", () => to.destroy());
        pass(from, to, delay);
      }
    });
  }

  /**
   * Opens a slow way to a port of this machine.
   * @param at port to listen on, 0 for a free one
   */
  static async open(at: number, to: number, delay: number): Promise<SlowLink> {
    // One direction may end while bytes of the other are still under way.
    const server = createServer({ allowHalfOpen: true });
    const link = new SlowLink(server, to, delay);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", resolve);
    });
    return link;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Ends it with all its connections. */
  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Timers of one length end in the order in which they began, so bytes stay in theirs. */
function pass(from: Duplex, to: Duplex, delay: number): void {
  const later = (work: () => void) =>
    setTimeout(() => {
      if (!to.destroyed) work();
    }, delay);
  from.on("data", (bytes: Buffer) => later(() => to.write(bytes)));
  from.on("end", () => later(() => to.end()));
  from.on("close", () => later(() => to.destroy()));
}
