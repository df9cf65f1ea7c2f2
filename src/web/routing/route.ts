/** Every page of the site with what its address says. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "search"; readonly query: string }
  | { readonly page: "verify"; readonly digest?: string }
  | { readonly page: "records" }
  | { readonly page: "record"; readonly id: string }
  | { readonly page: "certificate"; readonly id: string }
  | { readonly page: "object"; readonly id: string }
  | { readonly page: "batch"; readonly id: string }
  | { readonly page: "agreements" }
  | { readonly page: "agreement"; readonly id: string }
  | { readonly page: "account"; readonly account: string }
  | { readonly page: "partners" }
  | { readonly page: "partner"; readonly account: string }
  | { readonly page: "vouchers" }
  | { readonly page: "voucher"; readonly address: string }
  | { readonly page: "blocks" }
  | { readonly page: "block"; readonly number: string }
  | { readonly page: "validators" }
  | { readonly page: "orders" }
  | { readonly page: "order"; readonly number: string }
  | { readonly page: "operation"; readonly hash: string }
  | { readonly page: "not-found"; readonly path: string };

export type PageName = Route["page"];

/** Reads an address of the site. Anything that is no page of it becomes `not-found`. */
export function parseLocation(path: string, search = ""): Route {
  const parameters = new URLSearchParams(search);
  const parts = decodeParts(path);
  const notFound: Route = { page: "not-found", path };
  if (parts === undefined || parts.length > 3) return notFound;
  const [collection, item, part] = parts;
  if (part !== undefined) {
    const isCertificate = collection === "records" && part === "certificate";
    return isCertificate ? { page: "certificate", id: item as string } : notFound;
  }
  if (item === undefined) {
    switch (collection) {
      case undefined:
        return { page: "home" };
      case "search":
        return { page: "search", query: parameters.get("q") ?? "" };
      case "verify": {
        const digest = parameters.get("digest");
        return digest ? { page: "verify", digest } : { page: "verify" };
      }
      case "records":
      case "partners":
      case "vouchers":
      case "agreements":
      case "orders":
      case "blocks":
      case "validators":
        return { page: collection };
      default:
        return notFound;
    }
  }
  switch (collection) {
    case "records":
      return { page: "record", id: item };
    case "objects":
      return { page: "object", id: item };
    case "batches":
      return { page: "batch", id: item };
    case "agreements":
      return { page: "agreement", id: item };
    case "orders":
      return { page: "order", number: item };
    case "accounts":
      return { page: "account", account: item };
    case "partners":
      return { page: "partner", account: item };
    case "vouchers":
      return { page: "voucher", address: item };
    case "blocks":
      return { page: "block", number: item };
    case "operations":
      return { page: "operation", hash: item };
    default:
      return notFound;
  }
}

/** The address of a page: the inverse of `parseLocation`. */
export function addressOf(route: Route): string {
  switch (route.page) {
    case "home":
      return "/";
    case "search":
      return route.query === "" ? "/search" : `/search?${new URLSearchParams({ q: route.query })}`;
    case "verify":
      return route.digest === undefined ? "/verify" : `/verify?${new URLSearchParams({ digest: route.digest })}`;
    case "records":
    case "partners":
    case "vouchers":
    case "agreements":
    case "orders":
    case "blocks":
    case "validators":
      return `/${route.page}`;
    case "record":
      return `/records/${encodeURIComponent(route.id)}`;
    case "certificate":
      return `/records/${encodeURIComponent(route.id)}/certificate`;
    case "batch":
      return `/batches/${encodeURIComponent(route.id)}`;
    case "agreement":
      return `/agreements/${encodeURIComponent(route.id)}`;
    case "order":
      return `/orders/${encodeURIComponent(route.number)}`;
    case "object":
      return `/objects/${encodeURIComponent(route.id)}`;
    case "account":
      return `/accounts/${encodeURIComponent(route.account)}`;
    case "partner":
      return `/partners/${encodeURIComponent(route.account)}`;
    case "voucher":
      return `/vouchers/${encodeURIComponent(route.address)}`;
    case "block":
      return `/blocks/${encodeURIComponent(route.number)}`;
    case "operation":
      return `/operations/${encodeURIComponent(route.hash)}`;
    case "not-found":
      return route.path;
  }
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
