import { connect } from "node:net";

/** A request as it goes over the wire, so that the measured time holds little of the client's work. */
export function requestText(path: string, key?: string): Buffer {
  const authorization = key === undefined ? "" : `authorization: Bearer ${key}\r\n`;
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}\r\n`);
}

/**
 * Sends requests over some connections, each the next one as soon as it is answered, for some time.
 *
 * @returns answers a second
 * @throws when an answer is not 200
 */
export async function rate(port: number, requests: readonly Buffer[], connections: number, milliseconds: number) {
  let next = 0;
  let answers = 0;
  const start = performance.now();
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      socket.setNoDelay(true);
      let received: Buffer = Buffer.alloc(0);
      const send = () => socket.write(requests[next++ % requests.length] as Buffer);
      socket.on("error", reject);
      socket.on("connect", send);
      socket.on("data", (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const head = received.indexOf("\r\n\r\n");
        if (head === -1) return;
        const text = received.toString("latin1", 0, head);
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
        if (received.length < head + 4 + length) return;
        if (!text.startsWith("HTTP/1.1 200")) return reject(new Error(`${text}\n${received.toString("utf8", head)}`));
        answers++;
        received = Buffer.alloc(0);
        if (performance.now() - start < milliseconds) return send();
        socket.end();
        resolve();
      });
    });
  await Promise.all(Array.from({ length: connections }, open));
  return (answers / (performance.now() - start)) * 1_000;
}
