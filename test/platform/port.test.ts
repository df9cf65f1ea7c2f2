import { request } from "node:http";
import { expect } from "chai";
import { type Port, takePort } from "../../src/platform/port.ts";
import { rejection } from "../support/rejection.ts";

describe("the one port", () => {
  const taken: Port[] = [];

  async function take(number = 0): Promise<Port> {
    const port = await takePort("127.0.0.1", number);
    taken.push(port);
    return port;
  }

  // An open socket would keep the test run from ending.
  afterEach(() => Promise.all(taken.splice(0).map((port) => port.close())));

  it("is held from the first moment: others are told that it is taken", async () => {
    const port = await take();
    const error = await rejection(takePort("127.0.0.1", port.number));
    expect(error?.code).to.equal("port.taken");
    expect(error?.details).to.include({ port: port.number, option: "--port" });
    await port.close();
    expect((await take(port.number)).number).to.equal(port.number);
  });

  it("tells to wait until it is opened, and that the process lives", async () => {
    const port = await take();
    const answer = await fetch(`${port.url}/v1/status`);
    expect(answer.status).to.equal(503);
    expect(answer.headers.get("retry-after")).to.equal("2");
    expect((await answer.json()).code).to.equal("service.unavailable");
    expect(await (await fetch(`${port.url}/healthz`)).json()).to.deep.equal({ status: "starting" });
    port.open((_request, response) => response.end("open"));
    expect(await (await fetch(port.url)).text()).to.equal("open");
  });

  it("names an address that this machine does not have", async () => {
    const error = await rejection(takePort("192.0.2.1", 0));
    expect(error?.code).to.equal("configuration.invalid");
    expect(error?.details).to.include({ setting: "--host, --port", value: "192.0.2.1:0" });
  });

  it("lets a request under way be answered before it closes", async () => {
    const port = await take();
    let finish: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      port.open((_request, response) => {
        resolve();
        finish = () => response.end("done");
      });
    });
    const body = new Promise<string>((resolve, reject) => {
      request(port.url, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      })
        .on("error", reject)
        .end();
    });
    await arrived;
    const closed = port.close();
    finish();
    expect(await body).to.equal("done");
    await closed;
  });
});
