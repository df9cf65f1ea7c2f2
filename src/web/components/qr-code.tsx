import { Suspense } from "react";
import { useTexts } from "../language/language-context.tsx";
import { addressOf, type Route } from "../routing/route.ts";
import { Card } from "./card.tsx";
import { Boundary, lazyPage } from "./lazy-page.tsx";
import { Loading } from "./states.tsx";

const QrCodeImage = lazyPage(async () => (await import("./qr-code-image.tsx")).QrCodeImage);

/** A code that leads to a page of this site, with the address for those who can not scan it. */
export function QrCode({ to }: { to: Route }) {
  const { text } = useTexts();
  const address = `${window.location.origin}${addressOf(to)}`;
  return (
    <figure className="qr-figure">
      <Boundary fallback={null}>
        <Suspense fallback={<Loading />}>
          <QrCodeImage value={address} label={text("qr.label", { address })} />
        </Suspense>
      </Boundary>
      <figcaption className="small soft mono">{address}</figcaption>
    </figure>
  );
}

/** The same as a part of a page. */
export function QrCard({ to }: { to: Route }) {
  const { text } = useTexts();
  return (
    <Card title={text("take.qr")} words={text("qr.words")}>
      <div className="card-body">
        <QrCode to={to} />
      </div>
    </Card>
  );
}
