import { createServer } from "node:http";

type Handler = (method: string, params: unknown[]) => unknown;

/** What a handler throws to answer with a JSON-RPC error. */
export class FakeNodeError extends Error {
  readonly error: { code: number; message: string; data?: unknown };

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.error = { code, message, ...(data === undefined ? {} : { data }) };
  }
}

export interface FakeNode {
  url: string;
  /** Calls in the order in which they came. */
  calls: { method: string; params: unknown[] }[];
  stop(): Promise<void>;
}

/** A node that answers JSON-RPC by a function. */
export async function startFakeNode(handler: Handler): Promise<FakeNode> {
  const calls: FakeNode["calls"] = [];
  const answer = async ({ id, method, params }: { id: unknown; method: string; params: unknown[] }) => {
    calls.push({ method, params });
    try {
      return { jsonrpc: "2.0", id, result: (await handler(method, params)) ?? null };
    } catch (error) {
      if (error instanceof FakeNodeError) return { jsonrpc: "2.0", id, error: error.error };
      throw error;
    }
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const result = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(result) ? result.reverse() : result));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
