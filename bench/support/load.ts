import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one JSON-RPC batch and counts the answers that are errors. */
function post(url: string, body: string): Promise<{ errors: number; first?: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const answers = [JSON.parse(Buffer.concat(chunks).toString("utf8"))].flat() as {
          error?: { message: string };
        }[];
        const failed = answers.filter(({ error }) => error !== undefined);
        const first = failed[0]?.error?.message;
        resolve({ errors: failed.length, ...(first === undefined ? {} : { first }) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** JSON-RPC batches ready to be sent, so that the measured time holds none of the client's encoding. */
export function batchesOf(method: string, parameters: unknown[][], size: number): string[] {
  const bodies: string[] = [];
  for (let start = 0; start < parameters.length; start += size) {
    const calls = parameters.slice(start, start + size).map((params, id) => ({ jsonrpc: "2.0", id, method, params }));
    bodies.push(JSON.stringify(calls));
  }
  return bodies;
}

/** Sends prepared bodies over several connections at once. @throws when an answer is an error */
export async function sendAll(url: string, bodies: string[], connections: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < bodies.length) {
      const { errors, first } = await post(url, bodies[next++] as string);
      if (errors > 0) throw new Error(`${errors} refused, the first: ${first}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}
