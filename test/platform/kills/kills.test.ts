import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { ReadyLine } from "../../../src/platform/welcome.ts";
import { Receiver } from "../../push/receiver.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "../../store/postgres-server.ts";
import { LONG_RUN } from "../../support/long-run.ts";
import { newWallet } from "../../support/people.ts";
import { killPlatforms, launchPlatform, untilReady } from "../support/platform-process.ts";
import { type ChainStory, readStory } from "./chain-oracle.ts";
import { KilledPlatform } from "./killed-platform.ts";
import { askRpc, Load } from "./load.ts";
import { askChain, makePartner, partnerKey, recordedTopic, subscribe, untilSettled } from "./preparations.ts";

const KILLS = LONG_RUN ? 100 : 3;
/** One kill in so many comes while the platform starts. */
const STARTS = 4;
const PROGRESS = LONG_RUN ? 10 : 1;
/** Milliseconds that the platform works before it is killed, at most. */
const WORKS = 2_500;
const SETTLES = 180_000;

for (const kind of ["PGlite", "PostgreSQL"] as const) {
  describe(`the platform killed ${KILLS} times under load, on ${kind}`, function () {
    this.timeout(SETTLES + KILLS * 60_000 + 120_000);
    const folder = mkdtempSync(join(tmpdir(), "brop-kills-"));
    const data = join(folder, "data");
    let server: PostgresServer | undefined;
    let steady: Receiver;
    let moody: Receiver;
    let load: Load;
    let platform: KilledPlatform;
    let chainUrl: string;
    let ready: ReadyLine;
    let story: ChainStory;
    let since: number;
    let apiKey: string;

    before("kills it again and again, then lets it come to rest", async function () {
      const obstacle = kind === "PostgreSQL" ? whyNoPostgres() : undefined;
      if (obstacle !== undefined) {
        console.log(`      skipped: ${obstacle}`);
        this.skip();
      }
      if (kind === "PostgreSQL") server = await startPostgres();
      chainUrl = (await untilReady(launchPlatform({ data, role: "chain" }))).url;
      platform = new KilledPlatform({ data, rpcUrl: chainUrl, databaseUrl: server?.url });
      ready = await platform.start();
      const owner = newWallet();
      const account = await makePartner(ready, data, owner);
      [steady, moody] = [await Receiver.start(), await Receiver.start()];
      const seen = new Set<string>();
      // Now and then an event is refused the first time.
      moody.answer = ({ event }) => {
        if (seen.has(event.id) || Number(event.blocknumber) % 40 !== 0) return 200;
        seen.add(event.id);
        return 503;
      };
      apiKey = await partnerKey(ready.url, data);
      since = await subscribe(ready.url, apiKey, [steady.url, moody.url]);
      let head = since;
      const watch = setInterval(async () => {
        head = Number(await askChain(chainUrl, "eth_blockNumber").catch(() => head));
      }, 300);
      const records = ready.addresses.Records as string;
      load = new Load({ platform, account, owner, records, apiKey, head: () => head });
      for (let kill = 1; kill <= KILLS; kill++) {
        if (kill % STARTS === 0) await platform.killWhileStarting(Math.random() * 4_000);
        else {
          await platform.killWhileWorking(Math.random() * WORKS);
        }
        if (kill % STARTS !== STARTS - 1) await platform.start();
        if (kill % PROGRESS === 0) console.log(`      ${kill} kills, ${load.sent.length} operations sent`);
      }
      if (platform.url === undefined) await platform.start();
      await sleep(WORKS);
      await load.stop();
      clearInterval(watch);
      await untilSettled(platform.url as string, chainUrl, head + 30, [steady, moody]);
      story = await readStory(chainUrl, records, recordedTopic());
    });

    after(async () => {
      await platform?.stop();
      await killPlatforms();
      for (const receiver of [steady, moody]) receiver?.stop();
      server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it("brought every operation that it had accepted to the end that the chain has, none twice", async () => {
      const accepted = load.sent.filter((sent) => sent.accepted && sent.key === undefined);
      const url = platform.url as string;
      let included = 0;
      for (const { hash } of accepted) {
        const status = await askRpc<{ state: string; block?: number; transaction?: string }>(
          url,
          "brop_getOperationStatus",
          [hash],
        );
        const onChain = story.included.get(hash);
        if (onChain === undefined) expect(status.state, hash).to.equal("expired");
        else {
          included++;
          expect(status, hash).to.include({ state: "included", ...onChain });
        }
      }
      expect(story.twice).to.deep.equal([]);
      expect(included).to.be.greaterThan(KILLS);
      console.log(
        `      ${platform.kills} kills; ${load.sent.length} operations sent, ${accepted.length} accepted, ` +
          `${included} of them included, ${accepted.length - included} expired`,
      );
    });

    it("brought every submission to that end, too, and answered the same request with the same one", async () => {
      const handedOver = load.sent.filter((sent) => sent.key !== undefined && sent.accepted);
      const states = new Map<string, number>();
      for (const { hash, submissions } of handedOver) {
        expect(submissions.size, hash).to.equal(1);
        const response = await fetch(`${platform.url}/v1/submissions/${[...submissions][0]}`, {
          headers: { authorization: `Bearer ${apiKey}` },
        });
        expect(response.status).to.equal(200);
        const { state, blockNumber: block, transactionHash } = await response.json();
        const onChain = story.included.get(hash);
        expect({ hash, state }).to.deep.equal({ hash, state: onChain === undefined ? "expired" : "included" });
        if (onChain !== undefined) expect({ block, transaction: transactionHash }).to.deep.equal(onChain);
        states.set(state, (states.get(state) ?? 0) + 1);
      }
      expect(states.get("included") ?? 0).to.be.greaterThan(0);
      console.log(`      ${handedOver.length} submissions, ${JSON.stringify(Object.fromEntries(states))}`);
    });

    for (const name of ["steady", "moody"] as const) {
      it(`told a ${name} receiver every event, in order, and the same only with the same identifier`, () => {
        const receiver = name === "steady" ? steady : moody;
        const accepted = new Set(load.sent.map(({ hash }) => hash));
        // The chain goes on after its story was read.
        const events = receiver.received.map(({ event }) => event).filter((event) => event.blocknumber <= story.head);
        const bodies = new Map<string, string>();
        const order: string[] = [];
        for (const event of events) {
          const known = bodies.get(event.id);
          const body = JSON.stringify(event);
          if (known === undefined) order.push(event.id);
          else expect(body).to.equal(known);
          bodies.set(event.id, body);
        }
        const places = order.map((text) => text.split("-").slice(0, 2).map(Number) as [number, number]);
        for (const [at, [block, log]] of places.entries()) {
          const [before = -1, logBefore = -1] = places[at - 1] ?? [];
          expect(block > before || (block === before && log > logBefore), `${order[at - 1]} ${order[at]}`).to.equal(
            true,
          );
        }
        const last = Number(places.at(-1)?.[0]);
        const expected = story.events.filter(({ block }) => block >= since && block <= last).map((event) => event.id);
        const expired = events.filter(({ type }) => type === "brop.operation.expired");
        for (const { data } of expired) {
          expect(story.included.has(String(data.userOpHash))).to.equal(false);
          expect(accepted.has(String(data.userOpHash))).to.equal(true);
        }
        const others = new Set(expired.map((event) => event.id));
        expect(order.filter((text) => !others.has(text))).to.deep.equal(expected);
        const unheard = load.sent.filter(
          (sent) => sent.accepted && !story.included.has(sent.hash) && sent.deadlineBlock < last - 1,
        );
        const heard = new Set(expired.map(({ data }) => data.userOpHash));
        for (const { hash } of unheard) expect(heard.has(hash), hash).to.equal(true);
        console.log(`      ${order.length} events, ${events.length - order.length} of them told again`);
      });
    }
  });
}
