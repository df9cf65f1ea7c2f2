import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isHexString } from "ethers";
import { RpcClient } from "../../chain/rpc-client.ts";
import { digestFile } from "../../core/digest.node.ts";
import { BropError } from "../../core/errors.ts";
import type { ActContext, ActKind, ActLog } from "../../operator/act-kind.ts";
import { registerAuthority as register, retireAuthority } from "../../operator/acts/authorities.ts";
import { executeOrder, reportOrder } from "../../operator/acts/orders.ts";
import { publishDocument, resumePartner, suspendPartner, terminatePartner } from "../../operator/acts/partners.ts";
import { assignClass } from "../../operator/acts/quota.ts";
import { refuseVoucher } from "../../operator/acts/vouchers.ts";
import { actContext } from "../../operator/context.ts";
import { preview } from "../../operator/preview.ts";
import { waitingOrders } from "../../operator/waiting-orders.ts";
import { bropErrorFrom, bytesToHex } from "../../sdk/index.ts";
import { resolveAccount } from "../accounts.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

const MOST_ORDERS = 200;
const PARTNER_ACTS = { suspend: suspendPartner, reinstate: resumePartner, terminate: terminatePartner } as const;

interface Grounded {
  ground: string;
}

/** Lists what regulators have ordered and the operator has not done yet. */
export async function orders(session: Session): Promise<void> {
  const { orders: waiting } = await withContext(session, (at) => waitingOrders(at, MOST_ORDERS));
  session.output.result({ orders: waiting }, () =>
    waiting.length === 0
      ? "No order waits."
      : waiting
          .map(({ order, authority, subject, call, lastBlock, document }) =>
            details([
              ["order", String(order)],
              ["from", authority],
              ["about", subject],
              [
                "call",
                call === null ? "none: it ends by a report" : `${call.target}, data with keccak256 ${call.digest}`,
              ],
              ["until", `block ${lastBlock}`],
              ["document", document],
            ]),
          )
          .join("\n\n"),
  );
}

export async function execute(session: Session, order: number, { data }: { data: string }): Promise<void> {
  if (!isHexString(data)) session.misuse("error: --data is 0x and hexadecimal digits");
  await perform(session, executeOrder, { order, data }, `Order ${order} is executed`);
}

export async function report(session: Session, order: number, file: string): Promise<void> {
  await perform(session, reportOrder, { order, result: await digestOf(file) }, `Order ${order} is reported as done`);
}

/** Suspends, reinstates or terminates a partner. */
export function onPartner(name: keyof typeof PARTNER_ACTS) {
  return async (session: Session, partner: string, options: Grounded): Promise<void> => {
    const input = { account: await resolveAccount(session, partner), ground: await digestOf(options.ground) };
    await perform(session, PARTNER_ACTS[name], input, `${input.account}: ${name} is done`);
  };
}

export async function quotaClass(session: Session, text: string, number: number): Promise<void> {
  const account = await resolveAccount(session, text);
  await perform(session, assignClass, { account, quotaClass: number }, `${account} has quota class ${number}`);
}

export async function refuse(session: Session, application: number, options: Grounded): Promise<void> {
  const input = { application, ground: await digestOf(options.ground) };
  await perform(session, refuseVoucher, input, `Application ${application} is refused`);
}

export async function publish(
  session: Session,
  document: string,
  file: string,
  { location }: { location: string },
): Promise<void> {
  const input = { document, digest: await digestOf(file), location };
  await perform(session, publishDocument, input, `${document} is published`);
}

export async function registerAuthority(
  session: Session,
  file: string,
  options: { policy: string; location: string },
): Promise<void> {
  const { raw, validFrom, validTo } = await readCertificate(file);
  const seconds = (text: string) => Math.floor(Date.parse(text) / 1_000);
  const certificateDigest = bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(raw))));
  const input = { certificateDigest, notBefore: seconds(validFrom), notAfter: seconds(validTo), ...options };
  await perform(session, register, input, "The time-stamping authority is registered");
}

export async function retire(session: Session, authority: number, options: Grounded): Promise<void> {
  const input = { authority, ground: await digestOf(options.ground) };
  await perform(session, retireAuthority, input, `Authority ${authority} is retired`);
}

/** Carries an act out with the operator's key, a transaction after the other. */
async function perform<Input extends object>(
  session: Session,
  kind: ActKind<Input>,
  input: Input,
  words: string,
): Promise<void> {
  const operator = await session.operator();
  await withContext(session, async (at) => {
    const logs: ActLog[] = [];
    const transactions: string[] = [];
    for (;;) {
      const [step] = await kind.steps(input, at, transactions.length);
      if (step === undefined) break;
      const gasLimit = await preview(at, step);
      const receipt = await session.step(step.what, async () => {
        try {
          const { to, data } = step;
          return await (await operator.sendTransaction({ to, data, gasLimit, gasPrice: 0, type: 0 })).wait();
        } catch (error) {
          throw bropErrorFrom(error);
        }
      });
      if (receipt === null) throw new BropError("service.internal", {}, "The transaction has no receipt");
      transactions.push(receipt.hash);
      for (const { address, topics, data } of receipt.logs) logs.push({ address, topics: [...topics], data });
    }
    const result = { act: kind.name, ...input, ...(await kind.result?.(input, at, logs)), transactions };
    session.output.result(result, (paint) => `${paint.green("✓")} ${paint.bold(words)}`);
  });
}

async function withContext<Result>(session: Session, work: (at: ActContext) => Promise<Result>): Promise<Result> {
  const { provider, chainId } = await session.brop();
  const rpc = new RpcClient(provider.endpoints.urls[0] ?? session.url);
  const at = actContext(rpc, Number(chainId), (await session.operator()).address, undefined);
  try {
    return await work(at);
  } finally {
    at.close();
    rpc.close();
  }
}

async function digestOf(file: string): Promise<string> {
  return bytesToHex(await digestFile(file));
}

async function readCertificate(file: string): Promise<X509Certificate> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw BropError.from(error);
  }
  try {
    return new X509Certificate(content);
  } catch {
    throw new BropError("request.invalid", { field: file, reason: "is no certificate in PEM or DER" });
  }
}
