// Opens the directory given on the command line, writes a row, says so and stays until it is killed.
import { openDatabase } from "../../src/store/open-database.ts";

const db = await openDatabase({ directory: process.argv[2] as string });
await db.query("create table held (id int); insert into held values (1)");
console.log("open");
setInterval(() => {}, 1_000);
