import { statfs } from "node:fs/promises";
import type { Database } from "../../store/database.ts";
import type { Measurement } from "../metrics.ts";

/** For /metrics: what a process needs of its machine: room for its data, and connections to the database. */
export function processMeasurements(folder: string, db: Pick<Database, "connections">): Measurement[] {
  return [
    {
      name: "brop_data_free_bytes",
      help: "Room left for this process on the file system of its data folder",
      async read() {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      },
    },
    {
      name: "brop_data_size_bytes",
      help: "Size of the file system of the data folder",
      async read() {
        const { blocks, bsize } = await statfs(folder);
        return blocks * bsize;
      },
    },
    {
      ...{ name: "brop_database_connections", label: "state" },
      help: "Connections to the PostgreSQL server; none with the embedded database",
      read() {
        const connections = db.connections?.();
        return connections && { busy: connections.busy, idle: connections.idle };
      },
    },
    {
      name: "brop_database_waiting",
      help: "Statements that wait for a connection to the PostgreSQL server",
      read: () => db.connections?.().waiting,
    },
  ];
}
