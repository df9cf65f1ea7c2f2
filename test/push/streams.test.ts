import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { WebSocket } from "ws";
import { systemClock } from "../../src/core/clock.ts";
import type { CloudEvent } from "../../src/core/cloud-event.ts";
import { EventReader } from "../../src/push/event-reader.ts";
import { pushRoutes } from "../../src/push/routes.ts";
import { rewind } from "../../src/store/rewind.ts";
import { onEachDatabase } from "../store/databases.ts";
import { CHAIN_ID, index, until } from "./said.ts";

const recorded = (kind: number) => ({ type: "records.recorded", data: { kind } });

/** What a reader of server-sent events hears. */
class Listener {
  readonly events: CloudEvent[] = [];
  readonly ids: string[] = [];
  status = 0;
  readonly #ending = new AbortController();

  async listen(url: string, headers: Record<string, string> = {}): Promise<void> {
    const response = await fetch(url, { headers, signal: this.#ending.signal });
    this.status = response.status;
    this.#read(response).catch(() => undefined);
  }

  async #read(response: Response): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const part of response.body as ReadableStream<Uint8Array>) {
      text += decoder.decode(part, { stream: true });
      const messages = text.split("\n\n");
      text = messages.pop() ?? "";
      for (const message of messages) {
        const fields = new Map(message.split("\n").map((line) => line.split(/: (.*)/s) as [string, string]));
        if (!fields.has("data")) continue;
        this.ids.push(fields.get("id") as string);
        this.events.push(JSON.parse(fields.get("data") as string) as CloudEvent);
      }
    }
  }

  stop(): void {
    this.#ending.abort();
  }
}

describe("streams of events", () => {
  onEachDatabase((database) => {
    let server: FastifyInstance;
    let reader: EventReader;
    let url: string;
    let listeners: Listener[];

    beforeEach(async () => {
      await index(database(), 0, [recorded(0)]);
      reader = new EventReader(database(), systemClock);
      await reader.start();
      server = fastify();
      await server.register(pushRoutes, { reader, chainId: CHAIN_ID });
      url = await server.listen({ port: 0, host: "127.0.0.1" });
      listeners = [];
    });
    afterEach(async () => {
      for (const listener of listeners) listener.stop();
      await server.close();
      await reader.stop();
    });

    async function listen(query = "", headers: Record<string, string> = {}): Promise<Listener> {
      const listener = new Listener();
      listeners.push(listener);
      await listener.listen(`${url}/events${query}`, headers);
      return listener;
    }

    describe("server-sent", () => {
      it("tell what happens from now on, in order", async () => {
        const listener = await listen();
        const ids = await index(database(), 1, [recorded(1), recorded(2)]);
        ids.push(...(await index(database(), 2, [recorded(3)])));
        await until(() => listener.ids.length === 3);
        expect(listener.ids).to.deep.equal(ids);
        expect(listener.events.map(({ id }) => id)).to.deep.equal(ids);
        expect(listener.events[0]).to.include({ specversion: "1.0", type: "brop.records.recorded" });
      });

      it("go on behind the event that a reader heard last, and from any block", async () => {
        const ids: string[] = [];
        for (let block = 1; block <= 30; block++) ids.push(...(await index(database(), block, [recorded(block)])));
        const resumed = await listen("", { "last-event-id": ids[9] as string });
        const after = await listen(`?after=${ids[19]}`);
        const from = await listen("?fromBlock=30");
        await until(() => resumed.ids.length === 20 && after.ids.length === 10 && from.ids.length === 1);
        expect(resumed.ids).to.deep.equal(ids.slice(10));
        expect(after.ids).to.deep.equal(ids.slice(20));
        expect(from.ids).to.deep.equal(ids.slice(29));
      });

      it("tell more than one read holds, without a gap", async () => {
        const said = [...Array(700).keys()].map(recorded);
        const ids = await index(database(), 1, said);
        ids.push(...(await index(database(), 2, said)));
        const listener = await listen("?fromBlock=1");
        await until(() => listener.ids.length === 1_400);
        expect(listener.ids).to.deep.equal(ids);
      });

      it("tell what a filter lets through", async () => {
        const where = encodeURIComponent(JSON.stringify({ kind: { gte: 2 } }));
        const listener = await listen(`?types=records.*,block.added&where=${where}`);
        const ids = await index(database(), 1, [recorded(1), recorded(2), { type: "voucher.uri", data: { kind: 5 } }]);
        ids.push(...(await index(database(), 2, [recorded(3)])));
        await until(() => listener.ids.length === 2);
        expect(listener.ids).to.deep.equal([ids[1], ids[3]]);
      });

      it("tell what comes instead of blocks that a development chain lost", async () => {
        const listener = await listen();
        const [lost] = await index(database(), 1, [recorded(1)]);
        await until(() => listener.ids.length === 1);
        await database().transaction(async (tx) => {
          await rewind(tx, 0);
          await tx.query("update chain set block_number = 0", []);
        });
        await until(() => reader.newest.block === 0);
        const [instead] = await index(database(), 1, [recorded(1)], "another branch");
        await until(() => listener.ids.length === 2);
        expect(listener.ids).to.deep.equal([lost, instead]);
      });

      for (const [name, query] of [
        ["a type that is none", "?types=Recorded"],
        ["conditions that are no JSON", "?where=kind"],
        ["conditions on what is no field", "?where=%7B%22a..b%22%3A1%7D"],
        ["an id that is none", "?after=yesterday"],
        ["a block that is none", "?fromBlock=-1"],
        ["an unknown parameter", "?filter=x"],
      ] as const) {
        it(`are refused for ${name}`, async () => {
          const response = await fetch(`${url}/events${query}`);
          expect(response.status).to.equal(400);
          expect(response.headers.get("content-type")).to.include("application/problem+json");
          expect(await response.json()).to.include({ code: "request.invalid" });
        });
      }
    });

    describe("over a WebSocket", () => {
      type Message = { type: string; id?: string; event?: CloudEvent; problem?: { code: string } };
      async function connect() {
        const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
        const messages: Message[] = [];
        socket.on("message", (data) => messages.push(JSON.parse(data.toString()) as Message));
        await new Promise((resolve) => socket.once("open", resolve));
        const ask = async (message: unknown) => {
          const count = messages.length;
          socket.send(typeof message === "string" ? message : JSON.stringify(message));
          await until(() => messages.length > count);
          return messages[count] as Message;
        };
        const heard = (id: string) => messages.filter((message) => message.type === "event" && message.id === id);
        return { socket, ask, heard };
      }

      it("tell several subscriptions of one connection, each with its filter and beginning", async () => {
        const ids = await index(database(), 1, [recorded(1)]);
        await until(() => reader.newest.block === 1);
        const { socket, ask, heard } = await connect();
        const first = { type: "subscribe", id: "new", filter: { where: { kind: 2 } } };
        expect(await ask(first)).to.deep.equal({ type: "subscribed", id: "new" });
        expect(await ask({ type: "subscribe", id: "all", fromBlock: 1 })).to.deep.equal({
          type: "subscribed",
          id: "all",
        });
        ids.push(...(await index(database(), 2, [recorded(2), recorded(3)])));
        await until(() => heard("all").length === 3 && heard("new").length === 1);
        expect(heard("all").map(({ event }) => event?.id)).to.deep.equal(ids);
        expect(heard("new").map(({ event }) => event?.id)).to.deep.equal([ids[1]]);
        expect(await ask({ type: "unsubscribe", id: "all" })).to.deep.equal({ type: "unsubscribed", id: "all" });
        await index(database(), 3, [recorded(2)]);
        await until(() => heard("new").length === 2);
        expect(heard("all")).to.have.length(3);
        socket.terminate();
      });

      it("answer what is wrong and go on", async () => {
        const { socket, ask } = await connect();
        for (const [message, code] of [
          ["{", "request.malformed"],
          ["[]", "request.invalid"],
          [{ type: "subscribe" }, "request.invalid"],
          [{ type: "publish", id: "a" }, "request.invalid"],
          [{ type: "subscribe", id: "a", filter: { types: [1] } }, "request.invalid"],
          [{ type: "subscribe", id: "a", after: 5 }, "request.invalid"],
          [{ type: "subscribe", id: "a", fromBlock: 1.5 }, "request.invalid"],
        ] as const) {
          expect((await ask(message)).problem?.code, JSON.stringify(message)).to.equal(code);
        }
        expect(await ask({ type: "subscribe", id: "a" })).to.deep.equal({ type: "subscribed", id: "a" });
        expect((await ask({ type: "subscribe", id: "a" })).problem?.code).to.equal("request.invalid");
        for (let count = 1; count < 20; count++) await ask({ type: "subscribe", id: `b${count}` });
        expect((await ask({ type: "subscribe", id: "one too many" })).problem?.code).to.equal("request.rate-limited");
        socket.terminate();
      });
    });
  });
});
