import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends bodies over several connections at once. @returns the answers @throws when one is refused */
export async function postAll(
  url: string,
  bodies: readonly Uint8Array[],
  connections: number,
  headers: Record<string, string>,
): Promise<string[]> {
  const answers: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < bodies.length; at = next++)
      answers[at] = await post(url, bodies[at] as Uint8Array, headers);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return answers;
}

function post(url: string, body: Uint8Array, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", agent, headers: { ...headers, "content-length": body.length } };
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
