import { QrCode } from "../components/qr-code.tsx";
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
  return (
    <>
      <p className="small soft">{text("take.words")}</p>
      <p className="actions">
        <a className="button quiet" href={`/v1/records/${encodeURIComponent(id)}/bundle`} download={`brop-${id}.json`}>
          {text("take.bundle")}
        </a>
        <Link className="button quiet" to={{ page: "certificate", id }}>
          {text("take.certificate")}
        </Link>
      </p>
      <details>
        <summary>{text("take.qr")}</summary>
        <QrCode to={{ page: "record", id }} />
      </details>
    </>
  );
}
