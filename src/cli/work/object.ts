import { resolveAccount } from "../accounts.ts";
import { namedObject } from "../objects.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

export async function open(session: Session, key: string, options: { writer?: string[] }): Promise<void> {
  const actor = await session.actor();
  const brop = await session.brop();
  const named = namedObject(key, actor.address);
  if (named.key === undefined) session.misuse("error: KEY is the object's business key, not its identifier");
  const writers = await Promise.all((options.writer ?? []).map((text) => resolveAccount(session, text)));
  await session.step(`Object ${key} is opened`, async () => {
    const response = await brop.contracts.records.connect(actor).openObject(named.key as string, writers);
    await response.wait();
  });
  session.output.result({ object: named.id, owner: actor.address, writers }, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold("Object opened")}`,
      details([
        ["object", named.id],
        ["owner", actor.address],
        ["writers", writers.length === 0 ? "the owner only" : writers.join(", ")],
      ]),
    ].join("\n"),
  );
}

export async function writer(
  session: Session,
  text: string,
  who: string,
  options: { dismiss?: boolean },
): Promise<void> {
  const actor = await session.actor();
  const brop = await session.brop();
  const { id } = namedObject(text, actor.address);
  const account = await resolveAccount(session, who);
  const admitted = !options.dismiss;
  await session.step(`Writer ${who} is ${admitted ? "admitted" : "dismissed"}`, async () => {
    const response = await brop.contracts.records.connect(actor).setWriter(id, account, admitted);
    await response.wait();
  });
  session.output.result(
    { object: id, writer: account, admitted },
    (paint) => `${paint.green("✓")} ${account} ${admitted ? "may now" : "may no longer"} add links to ${id}`,
  );
}
