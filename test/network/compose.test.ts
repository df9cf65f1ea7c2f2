import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { expect } from "chai";
import { parse } from "yaml";
import { SETTINGS } from "../../src/config.ts";
import { BESU_RELEASE } from "../../src/network/besu-release.ts";
import { packageContents } from "../../src/network/package/contents.ts";
import { NODES } from "./monitoring/support/nodes.ts";

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  network_mode?: string;
  ports?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  entrypoint?: string[];
}

interface Compose {
  services: Record<string, Service>;
  secrets?: Record<string, { file: string }>;
}

const source = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
/** With YAML's merge keys, which the specification knows. */
const read = (text: string): Compose => parse(text, { merge: true });

const node = NODES[0] as (typeof NODES)[number];
const contents = packageContents({
  record: {
    ...{
      name: "example",
      chainId: 84_200,
      blockGasLimit: 60_000_000,
      timestamp: 0,
      activations: {},
      genesisDigest: "",
    },
    ...{ operator: { address: "", generated: false }, admissionParties: [], regulators: [], nodes: [...NODES] },
  },
  ...{ node, genesis: "", plugin: new Uint8Array(), secrets: { holders: {} } },
});
const FILES: Record<string, Compose> = {
  "network/compose/trial.yaml": read(source("network/compose/trial.yaml")),
  "network/compose/access.yaml": read(source("network/compose/access.yaml")),
  "network/monitoring/compose.yaml": read(source("network/monitoring/compose.yaml")),
  "compose.yaml of a package": read(contents["compose.yaml"]?.content as string),
};
const servicesOf = (path: string) => FILES[path]?.services as Record<string, Service>;

describe("compose files", () => {
  let valid: ValidateFunction;
  before(() => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat("duration", true);
    const { $schema: _, ...schema } = JSON.parse(source("test/fixtures/compose/compose-spec.json"));
    valid = ajv.compile(schema);
  });

  it("keep to the compose specification's schema, which refuses what is not in it", () => {
    for (const [path, file] of Object.entries(FILES)) expect(valid(file) || valid.errors, path).to.equal(true);
    expect(valid({ services: { a: { image: "b", helthcheck: {} } } })).to.equal(false);
    expect(valid({ services: { a: { image: "b", ports: "80" } } })).to.equal(false);
  });

  it("have a health check for every service, and let nobody from outside in", () => {
    for (const [path, { services }] of Object.entries(FILES)) {
      for (const [name, { healthcheck, network_mode, ports = [] }] of Object.entries(services)) {
        expect(healthcheck?.test, `${path} ${name}`).to.be.an("array");
        if (network_mode !== "host") expect(ports, `${path} ${name}`).not.to.deep.equal([]);
        for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:/);
      }
    }
    const services = FILES["network/compose/access.yaml"]?.services.services;
    expect(services?.environment).to.include({ BROP_HOST: "127.0.0.1" });
    const monitoring = FILES["network/monitoring/compose.yaml"]?.services;
    for (const name of ["prometheus", "alertmanager"]) {
      expect(JSON.stringify(monitoring?.[name])).to.contain("--web.listen-address=127.0.0.1:");
    }
    expect(monitoring?.grafana?.environment).to.include({ GF_SERVER_HTTP_ADDR: "127.0.0.1" });
  });

  it("hand secrets over as files, and name none in the environment", () => {
    for (const [path, { services, secrets = {} }] of Object.entries(FILES)) {
      for (const { file } of Object.values(secrets)) expect(file, path).to.match(/^\.\//);
      for (const { environment = {}, secrets: used = [] } of Object.values(services)) {
        for (const name of used) expect(secrets, path).to.have.property(name);
        for (const [name, value] of Object.entries(environment)) {
          if (/PASSWORD|SECRET|KEY|TOKEN|DATABASE_URL/.test(name)) expect(name, path).to.match(/_FILE$/);
          const secret = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
          if (secret !== undefined) expect(used, `${path} ${name}`).to.include(secret);
        }
      }
    }
  });

  it("name settings that there are", () => {
    const { environment = {} } = servicesOf("network/compose/access.yaml").services as Service;
    const known = Object.values(SETTINGS).flatMap(({ environment, secret }) => [
      environment,
      ...(secret ? [`${environment}_FILE`] : []),
    ]);
    expect(known).to.include.members(Object.keys(environment));
  });

  it("run the Besu that packages are made for, as the packages want it started", () => {
    const packaged = servicesOf("compose.yaml of a package").node as Service;
    const trial = servicesOf("network/compose/trial.yaml");
    const access = servicesOf("network/compose/access.yaml").node as Service;
    for (const service of [packaged, access, ...Object.values(trial)]) {
      expect(service.image).to.equal(BESU_RELEASE.image);
      expect(service.entrypoint).to.deep.equal(packaged.entrypoint);
      expect(service.healthcheck?.test).to.deep.equal(["CMD", "/node/bin/health"]);
      expect(service.environment?.BESU_OPTS).to.equal(packaged.environment?.BESU_OPTS);
    }
    expect(contents).to.include.keys("bin/health", "config/besu.toml", "node.env");
  });

  it("of the trial have a container for each node of network/local.yaml", () => {
    const { validators, accessNodes } = parse(source("network/local.yaml"));
    const names = [...validators, ...accessNodes].map(({ name }: { name: string }) => name);
    const services = servicesOf("network/compose/trial.yaml");
    expect(Object.keys(services)).to.deep.equal(names);
    for (const name of names) expect(services[name]?.volumes?.[0]).to.contain(`/${name}:/node`);
  });

  it("build the services' image with what the repository has", () => {
    const { build } = servicesOf("network/compose/access.yaml").services as Service;
    const dockerfile = source(build?.dockerfile as string);
    const { scripts } = JSON.parse(source("package.json"));
    const [, script] = /^RUN npm run (\w+)$/m.exec(dockerfile) ?? [];
    expect(scripts).to.have.property(script as string);
    for (const [, path] of dockerfile.matchAll(/"node", "([\w/.]+)"/g)) expect(source(path as string)).not.to.equal("");
    expect(dockerfile).to.match(/^USER node$/m);
  });
});

describe("the health check of the services' container", () => {
  const program = fileURLToPath(new URL("../../network/compose/health.mjs", import.meta.url));

  function health(port: number): Promise<{ code: number | null; words: string }> {
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, BROP_PORT: String(port), BROP_HOST: "0.0.0.0" },
    });
    let words = "";
    child.stdout.on("data", (chunk) => {
      words += chunk;
    });
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, words })));
  }

  it("is what /readyz says, and not well when nothing answers", async function () {
    this.timeout(20_000);
    let status = 200;
    const server = createServer((_request, response) => response.writeHead(status).end('{"status":"x"}'));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await health(port)).to.deep.equal({ code: 0, words: '{"status":"x"}\n' });
    status = 503;
    expect((await health(port)).code).to.equal(1);
    await new Promise((resolve) => server.close(resolve));
    expect((await health(port)).code).to.equal(1);
  });
});
