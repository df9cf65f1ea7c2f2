import type { NetworkNode, NetworkRecord } from "../record.ts";

/** A list of Prometheus' file-based discovery. */
interface TargetGroup {
  targets: string[];
  labels: Readonly<Record<string, string>>;
}

export interface TargetLists {
  nodes: TargetGroup[];
  services: TargetGroup[];
  machines: TargetGroup[];
  /** Nodes whose measurements answer on their own machines only. */
  outOfReach: string[];
}

const LOOPBACK = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";
/** Prometheus' node exporter. */
const MACHINE_PORT = 9_100;

/**
 * Whom a Prometheus asks that runs on a machine of the network.
 * @param at the machine's address; its nodes are reached although they answer on 127.0.0.1 only
 */
export function targetLists({ name: network, nodes }: Pick<NetworkRecord, "name" | "nodes">, at: string): TargetLists {
  const reached = nodes.flatMap((node) => {
    const address = addressOf(node, at);
    return address === undefined ? [] : [{ node, address }];
  });
  const hosts = [...new Set(reached.map(({ node }) => node.host))].filter((host) => host !== LOOPBACK);
  return {
    nodes: reached.map(({ node: { name, kind, ports }, address }) => ({
      ...{ targets: [`${address}:${ports.metrics}`], labels: { network, node: name, kind } },
    })),
    // The services listen on their own machine; a proxy in front of them has no business with measurements.
    services: nodes
      .filter(({ host, platformPort }) => platformPort !== undefined && (host === at || host === LOOPBACK))
      .map(({ name, platformPort }) => ({ targets: [`${LOOPBACK}:${platformPort}`], labels: { network, node: name } })),
    machines: hosts.map((host) => ({ targets: [`${host}:${MACHINE_PORT}`], labels: { network } })),
    outOfReach: nodes.filter((node) => addressOf(node, at) === undefined).map(({ name }) => name),
  };
}

function addressOf({ host, rpcHost }: NetworkNode, at: string): string | undefined {
  if (rpcHost === EVERYWHERE) return host;
  if (rpcHost !== LOOPBACK) return rpcHost;
  return host === at || host === LOOPBACK ? LOOPBACK : undefined;
}
