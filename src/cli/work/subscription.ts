import { askApi } from "../api-client.ts";
import { parseJsonOption, wholeNumber } from "../number-option.ts";
import type { Session } from "../session.ts";
import { columns, details } from "../table.ts";

interface Subscription {
  id: string;
  url: string;
  description: string;
  filter: { types?: string[]; where?: object };
  status: string;
}

interface CreateOptions {
  type?: string[];
  where?: string;
  fromBlock?: string;
  description?: string;
}

export async function create(session: Session, url: string, options: CreateOptions): Promise<void> {
  const { type: types, where, fromBlock, description } = options;
  const filter = {
    ...(types === undefined ? {} : { types }),
    ...(where === undefined ? {} : { where: parseJsonOption(session, "--where", where) }),
  };
  const made = await askApi<Subscription & { secret: string }>(session, "POST", "/subscriptions", {
    ...{ url, filter },
    ...(description === undefined ? {} : { description }),
    ...(fromBlock === undefined ? {} : { fromBlock: wholeNumber(session, "--from-block", fromBlock) }),
  });
  session.output.result(made, (paint) =>
    [
      details([
        ["id", made.id],
        ["url", made.url],
      ]),
      `${paint.bold(made.secret)}`,
      paint.dim("The secret that signs; it is not shown again."),
    ].join("\n"),
  );
}

export async function list(session: Session): Promise<void> {
  const { items } = await askApi<{ items: Subscription[] }>(session, "GET", "/subscriptions");
  session.output.result(items, () =>
    columns([
      ["ID", "STATE", "URL", "TYPES"],
      ...items.map(({ id, status, url, filter }) => [id, status, url, (filter.types ?? ["*"]).join(" ")]),
    ]),
  );
}

export async function remove(session: Session, id: string): Promise<void> {
  const ended = await askApi<Subscription>(session, "DELETE", pathOf(id));
  session.output.result(ended, (paint) => `${paint.green("✓")} ${ended.id} is ended`);
}

interface Delivery {
  event: string;
  type: string;
  state: string;
  attempts: number;
}

export async function deliveries(session: Session, id: string, { state }: { state?: string }): Promise<void> {
  const query = state === undefined ? "" : `?state=${encodeURIComponent(state)}`;
  const page = await askApi<{ items: Delivery[]; next: string | null }>(
    session,
    "GET",
    `${pathOf(id)}/deliveries${query}`,
  );
  session.output.result(page, () =>
    columns([
      ["EVENT", "TYPE", "STATE", "ATTEMPTS"],
      ...page.items.map((each) => [each.event, each.type, each.state, String(each.attempts)]),
    ]),
  );
}

export async function replay(session: Session, id: string, { fromBlock }: { fromBlock: string }): Promise<void> {
  const body = { fromBlock: wholeNumber(session, "--from-block", fromBlock) };
  const subscription = await askApi<Subscription>(session, "POST", `${pathOf(id)}/replays`, body);
  session.output.result(
    subscription,
    (paint) => `${paint.green("✓")} ${id} is told everything from block ${fromBlock} on`,
  );
}

const pathOf = (id: string) => `/subscriptions/${encodeURIComponent(id)}`;
