import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Bucket } from "../../src/hosting/s3-client.ts";

const KEY = { key: "AKIATEST", secret: "secret/of+the=test", region: "eu-test-1" };
/** Objects of a page of the list. */
const PAGE = 2;

export interface S3Service extends S3Bucket {
  objects: Map<string, Buffer>;
  /** Uploads in parts that were begun and neither ended nor given up. */
  uploads: Map<string, Map<number, Buffer>>;
  /** Statuses that the next requests are answered with, whatever they are. */
  faults: number[];
  close(): void;
}

/**
 * The part of S3 that a store needs, in memory: it checks signatures (Signature Version 4) and the digest of each body, as
 * S3 does, and refuses what it does not know.
 */
export async function startS3(): Promise<S3Service> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const faults: number[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const fault = faults.shift();
    if (fault !== undefined) return refuse(response, fault, "Injected");
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    const refusal = unsigned(request, url, body);
    if (refusal !== undefined) return refuse(response, 403, refusal);
    const [, bucket, object = ""] = /^\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
    if (bucket !== "files") return refuse(response, 404, "NoSuchBucket");
    if (object === "") return list(url, response);
    const uploadId = url.searchParams.get("uploadId");
    if (url.searchParams.has("uploads") && request.method === "POST") {
      const id = `upload&${uploads.size + 1}`;
      uploads.set(id, new Map());
      return xml(response, `<R><UploadId>${id.replace("&", "&amp;")}</UploadId></R>`);
    }
    if (uploadId !== null) return part(request, response, { url, uploadId, object, body });
    const kept = objects.get(object);
    switch (request.method) {
      case "PUT":
        objects.set(object, body);
        return response.writeHead(200, { etag: '"whole"' }).end();
      case "DELETE":
        objects.delete(object);
        return response.writeHead(204).end();
      default:
        return kept === undefined ? refuse(response, 404, "NoSuchKey") : give(request, response, kept);
    }
  });

  function part(
    request: IncomingMessage,
    response: ServerResponse,
    { url, uploadId, object, body }: { url: URL; uploadId: string; object: string; body: Buffer },
  ) {
    const upload = uploads.get(uploadId);
    if (upload === undefined) return refuse(response, 404, "NoSuchUpload");
    if (request.method === "PUT") {
      const number = Number(url.searchParams.get("partNumber"));
      upload.set(number, body);
      return response.writeHead(200, { etag: `"part-${number}"` }).end();
    }
    uploads.delete(uploadId);
    if (request.method === "DELETE") return response.writeHead(204).end();
    const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"part-(\d+)"<\/ETag>/g)];
    const whole = named.map(([, number, etag]) => (number === etag ? upload.get(Number(number)) : undefined));
    // S3 says so behind a status that is well.
    if (whole.length !== upload.size || whole.includes(undefined))
      return xml(response, "<E><Code>InvalidPart</Code></E>");
    objects.set(object, Buffer.concat(whole as Buffer[]));
    return xml(response, "<R><ETag>whole</ETag></R>");
  }

  function list(url: URL, response: ServerResponse) {
    if (url.searchParams.get("list-type") !== "2") return refuse(response, 400, "InvalidArgument");
    const after = url.searchParams.get("continuation-token") ?? "";
    const names = [...objects.keys()].sort().filter((name) => name > after);
    const page = names.slice(0, PAGE);
    const entries = page.map(
      (name) => `<Contents><Key>${name}</Key><Size>${objects.get(name)?.length}</Size></Contents>`,
    );
    const next = names.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
    return xml(response, `<ListBucketResult>${entries.join("\n")}${next}</ListBucketResult>`);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ objects, uploads, faults, ...KEY, url: `http://127.0.0.1:${port}/files` },
    close: () => server.close(),
  };
}

function give(request: IncomingMessage, response: ServerResponse, bytes: Buffer) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined) {
    response.writeHead(200, { "content-length": bytes.length });
    return response.end(request.method === "HEAD" ? undefined : bytes);
  }
  if (Number(first) >= bytes.length) return refuse(response, 416, "InvalidRange");
  return response.writeHead(206).end(bytes.subarray(Number(first), Number(last) + 1));
}

function xml(response: ServerResponse, text: string) {
  return response.writeHead(200, { "content-type": "application/xml" }).end(text);
}

function refuse(response: ServerResponse, status: number, code: string) {
  return response.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
}

/** Why a request is not signed as it should be (Signature Version 4); undefined where it is. */
function unsigned({ method, headers }: IncomingMessage, url: URL, body: Buffer): string | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, key, day = "", region, signed = "", signature] = form.exec(headers.authorization ?? "") ?? [];
  if (key !== KEY.key || region !== KEY.region) return "InvalidAccessKeyId";
  const digest = createHash("sha256").update(body).digest("hex");
  if (headers["x-amz-content-sha256"] !== digest) return "XAmzContentSHA256Mismatch";
  if (!signed.split(";").includes("x-amz-content-sha256")) return "AccessDenied";
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const canonical = [
    ...[method, url.pathname, query.join("&")],
    ...signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}`),
    ...["", signed, digest],
  ].join("\n");
  const time = String(headers["x-amz-date"]);
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const secret = [day, KEY.region, "s3", "aws4_request"].reduce<Buffer | string>(
    (before, each) => createHmac("sha256", before).update(each).digest(),
    `AWS4${KEY.secret}`,
  );
  return createHmac("sha256", secret).update(text).digest("hex") === signature ? undefined : "SignatureDoesNotMatch";
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
