import type { FastifyReply, FastifyRequest } from "fastify";
import { addressGroup } from "../../core/address-group.ts";
import { BropError } from "../../core/errors.ts";
import { tenantOf } from "../access/principal.ts";

/** Files that are sent and received at a time: each takes a few MiB of memory. */
const MOST = 128;
const MOST_OF_ONE = 16;
/** Milliseconds without a byte after which a connection is given up. */
const PATIENCE = 60_000;

/** Counts the files that are on their way, so that nobody takes all the room, nor any number of them all the memory. */
export class Transfers {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #callers = new Map<string, number>();
  #total = 0;

  constructor({ most = MOST, mostOfOne = MOST_OF_ONE } = {}) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /**
   * Counts a request until its answer is over, and gives it up when it is silent.
   * @throws BropError `request.rate-limited`, `service.unavailable`
   */
  enter(request: FastifyRequest, reply: FastifyReply): void {
    const { principal, ip, raw } = request;
    const caller = principal === undefined ? addressGroup(ip) : tenantOf(principal);
    const own = this.#callers.get(caller) ?? 0;
    if (own >= this.#mostOfOne) throw new BropError("request.rate-limited", { retryAfter: 2, transfers: own });
    if (this.#total >= this.#most)
      throw new BropError("service.unavailable", { retryAfter: 5, transfers: this.#total });
    this.#callers.set(caller, own + 1);
    this.#total++;
    const { socket } = raw;
    const giveUp = () => raw.destroy();
    socket?.setTimeout?.(PATIENCE);
    socket?.once?.("timeout", giveUp);
    reply.raw.once("close", () => {
      socket?.off?.("timeout", giveUp);
      const left = (this.#callers.get(caller) ?? 1) - 1;
      if (left === 0) this.#callers.delete(caller);
      else this.#callers.set(caller, left);
      this.#total--;
    });
  }
}
