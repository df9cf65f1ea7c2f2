/**
 * Business systems that take webhooks, in a process of their own: answers 204 and tells its parent which subscription
 * received which event, and when.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook that was taken. Times are milliseconds of the clock that all processes share. */
export interface Taken {
  path: string;
  id: string;
  at: number;
}

const taken: Taken[] = [];
const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  request.resume();
  request.on("end", () => {
    taken.push({ path: request.url ?? "", id: String(request.headers["webhook-id"]), at });
    response.writeHead(204).end();
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", () => process.send?.(taken.splice(0)));
process.on("disconnect", () => process.exit());
