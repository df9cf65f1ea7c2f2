import { useState } from "react";
import { BropError } from "../../core/errors.ts";
import { get, pathOf } from "../api/client.ts";
import { QrCode } from "../components/qr-code.tsx";
import { Failure } from "../components/states.tsx";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

/** What a visitor can take along about a record: proof bundle, certificate, QR code. */
export function TakeAway({ id }: { id: string }) {
  const { text } = useTexts();
  return (
    <section aria-label={text("take.title")} className="take-away">
      <h3>{text("take.title")}</h3>
      <TakeAwayParts id={id} />
    </section>
  );
}

export function TakeAwayParts({ id }: { id: string }) {
  const { text } = useTexts();
  const [error, setError] = useState<BropError>();
  return (
    <>
      <p className="small soft">{text("take.words")}</p>
      <p className="actions">
        <BundleButton id={id} onError={setError} />
        <Link className="button quiet" to={{ page: "certificate", id }}>
          {text("take.certificate")}
        </Link>
      </p>
      {error && <Failure error={error} />}
      <details>
        <summary>{text("take.qr")}</summary>
        <QrCode to={{ page: "record", id }} />
      </details>
    </>
  );
}

/** Has the proof bundle made and saves it; says so where there is none. */
function BundleButton({ id, onError }: { id: string; onError: (error: BropError | undefined) => void }) {
  const { text } = useTexts();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    onError(undefined);
    try {
      save(`brop-${id.slice(2, 14)}.json`, JSON.stringify(await loadBundle(id)));
    } catch (thrown) {
      onError(BropError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" className="button quiet" onClick={take} aria-busy={busy}>
      {text("take.bundle")}
    </button>
  );
}

/**
 * The bundle with the proof that the record stands now; without it where the node does not prove its state.
 * @throws BropError as the query interface answers
 */
async function loadBundle(id: string): Promise<object> {
  const path = pathOf("records", id, "bundle");
  try {
    return await get<object>(path, { state: "true" });
  } catch (thrown) {
    if (BropError.from(thrown).code === "resource.not-found") throw thrown;
    return get<object>(path);
  }
}

/** Hands a file to the visitor. */
function save(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
