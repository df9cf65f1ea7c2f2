// Prints the series of a page in Prometheus' text form as a fixture of the tests:
//   node test/network/monitoring/support/record.ts http://127.0.0.1:9501/metrics > test/fixtures/metrics/besu.txt
import { listOf, seriesOf } from "./metric-names.ts";

const [url = ""] = process.argv.slice(2);
const page = await (await fetch(url)).text();
process.stdout.write(`${listOf(seriesOf(page))}\n`);
