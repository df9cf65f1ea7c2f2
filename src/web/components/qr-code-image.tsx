import { encode } from "uqr";

/** A QR code (ISO/IEC 18004) with the quiet zone that scanners need, dark on light in every theme. */
export function QrCodeImage({ value, label }: { value: string; label: string }) {
  const { size, data } = encode(value, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}
