import { BropError } from "../../core/errors.ts";
import { Card } from "../components/card.tsx";
import { Failure } from "../components/states.tsx";
import { useTexts } from "../language/language-context.tsx";
import { ownStart, type TrustFile } from "./check-bundle.ts";

/** A genesis file or checkpoint that the visitor gave: whether bundles can be checked from it. */
export function TrustReport({ trust }: { trust: TrustFile }) {
  const { text } = useTexts();
  const start = read(trust);
  return (
    <Card title={trust.name}>
      {start instanceof BropError ? (
        <Failure error={start} />
      ) : (
        <p className="card-body">{text("bundle.trust.taken", { chain: String(start.trust?.chainId ?? "") })}</p>
      )}
    </Card>
  );
}

function read(trust: TrustFile) {
  try {
    return ownStart(trust);
  } catch (thrown) {
    return BropError.from(thrown);
  }
}
