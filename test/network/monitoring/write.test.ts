import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { monitoringContents } from "../../../src/network/monitoring/contents.ts";
import { targetLists } from "../../../src/network/monitoring/targets.ts";
import { writeMonitoring } from "../../../src/network/monitoring/write.ts";
import { rejection } from "../../support/rejection.ts";
import { snapshot } from "../support/snapshot.ts";
import { NODES } from "./support/nodes.ts";

const record = { name: "example", nodes: [...NODES] };

describe("the folder with which a network is watched", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "brop-monitoring-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const targets = (name: string) => JSON.parse(readFileSync(join(folder, `prometheus/targets/${name}.json`), "utf8"));

  it("asks the nodes that can be reached from the operator's machine, and says which can not", async () => {
    const { at, outOfReach } = await writeMonitoring(record, folder);
    expect({ at, outOfReach }).to.deep.equal({ at: "access-1", outOfReach: ["notary", "access-2"] });
    expect(targets("nodes")).to.deep.equal([
      { targets: ["10.20.1.11:9545"], labels: { network: "example", node: "bank", kind: "validator" } },
      { targets: ["10.20.3.11:9545"], labels: { network: "example", node: "everybody", kind: "validator" } },
      { targets: ["127.0.0.1:9545"], labels: { network: "example", node: "access-1", kind: "access" } },
    ]);
    expect(targets("services")).to.deep.equal([
      { targets: ["127.0.0.1:8420"], labels: { network: "example", node: "access-1" } },
    ]);
    expect(targets("machines").map((group: { targets: string[] }) => group.targets[0])).to.deep.equal([
      ...["10.20.1.11:9100", "10.20.3.11:9100", "10.20.0.21:9100"],
    ]);
  });

  it("asks a node on its own machine, where it is made for that one", async () => {
    await writeMonitoring(record, folder, "notary");
    expect(targets("nodes").flatMap((group: { targets: string[] }) => group.targets)).to.include("127.0.0.1:9545");
    expect(targets("services")).to.deep.equal([]);
    const error = await rejection(writeMonitoring(record, folder, "nobody"));
    expect(error).to.include({ code: "request.invalid" });
    expect(error?.details).to.include({ field: "--at", value: "nobody" });
  });

  it("asks no node exporter in a trial on one machine", () => {
    const nodes = NODES.map((node) => ({ ...node, host: "127.0.0.1", rpcHost: "127.0.0.1" }));
    const lists = targetLists({ name: "trial", nodes }, "127.0.0.1");
    expect(lists.machines).to.deep.equal([]);
    expect(lists.nodes).to.have.lengthOf(5);
    expect(lists.outOfReach).to.deep.equal([]);
  });

  it("is written once: what did not change stays untouched, and who is called is the owner's", async () => {
    const { changed } = await writeMonitoring(record, folder);
    expect(changed).to.have.members(Object.keys(monitoringContents(record, "10.20.0.21")));
    const before = snapshot(folder);
    expect((await writeMonitoring(record, folder)).changed).to.deep.equal([]);
    expect(snapshot(folder)).to.deep.equal(before);

    appendFileSync(join(folder, "alertmanager/alertmanager.yml"), "# ours\n");
    writeFileSync(join(folder, "prometheus/rules/own.yml"), "groups: []\n");
    const more = { ...record, nodes: [...NODES, { ...NODES[0], name: "more" } as (typeof NODES)[number]] };
    expect((await writeMonitoring(more, folder)).changed).to.deep.equal(["prometheus/targets/nodes.json"]);
    expect(readFileSync(join(folder, "alertmanager/alertmanager.yml"), "utf8")).to.match(/# ours\n$/);
    expect(readFileSync(join(folder, "prometheus/rules/own.yml"), "utf8")).to.equal("groups: []\n");
  });
});
