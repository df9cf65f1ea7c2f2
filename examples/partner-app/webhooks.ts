import { Webhook } from "standardwebhooks";
import type { Platform } from "./platform.ts";

/** A record of the shop, as the event says it. */
export interface Recorded {
  digest: string;
  block: number;
}

/** Identifiers of webhooks that are remembered, to know the ones that come twice. */
const MOST_KNOWN = 10_000;

/** Takes the platform's webhooks: checks each signature and tells of each event once. */
export class Webhooks {
  readonly #check: Webhook;
  readonly #tell: (recorded: Recorded) => void;
  readonly #known = new Set<string>();

  private constructor(secret: string, tell: (recorded: Recorded) => void) {
    this.#check = new Webhook(secret);
    this.#tell = tell;
  }

  /** Asks to be told of every record of an account from now on. Subscriptions of an earlier start are ended. */
  static async subscribe(platform: Platform, account: string, url: string, tell: (recorded: Recorded) => void) {
    const { items } = await platform.get<{ items: { id: string; description: string }[] }>("/v1/subscriptions");
    for (const { id, description } of items) {
      if (description === DESCRIPTION) await platform.delete(`/v1/subscriptions/${id}`);
    }
    const { id, secret } = await platform.post<{ id: string; secret: string }>("/v1/subscriptions", {
      ...{ url, description: DESCRIPTION },
      filter: { types: ["records.recorded"], where: { owner: account } },
    });
    return { id, webhooks: new Webhooks(secret, tell) };
  }

  /**
   * @param body exactly as it came: the signature covers its bytes
   * @throws Error for a body that the platform did not sign
   */
  take(body: string, headers: Record<string, string>): void {
    const event = this.#check.verify(body, headers) as { id: string; blocknumber: number; data: { digest: string } };
    if (this.#known.has(event.id)) return;
    this.#known.add(event.id);
    if (this.#known.size > MOST_KNOWN) this.#known.delete(this.#known.values().next().value as string);
    this.#tell({ digest: event.data.digest, block: event.blocknumber });
  }
}

const DESCRIPTION = "orders of the shop";
