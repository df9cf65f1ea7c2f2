/** The laboratory's certificate of inspection for a lot: one page of PDF 1.4. */
export function inspectionCertificate(lot: string): Uint8Array {
  return page([
    { size: 20, text: "Certificate of Inspection" },
    { size: 11, text: `No. PFL-${lot}` },
    { size: 11, text: "" },
    { size: 12, text: "Province Food Laboratory, bench 3" },
    { size: 12, text: `Sample: two tins of Mist Valley spring green tea, lot ${lot}` },
    { size: 12, text: "Sampled 2026-04-06, reported 2026-04-06 15:40 (+08:00)" },
    { size: 12, text: "" },
    { size: 12, text: "Moisture: 5.2 % (limit 7 %)" },
    { size: 12, text: "Pesticide residues, 208 substances, GB 23200.113: none found" },
    { size: 12, text: "Lead: 0.31 mg/kg (limit 5 mg/kg)" },
    { size: 12, text: "" },
    { size: 14, text: "Result: passed" },
  ]);
}

interface Line {
  size: number;
  text: string;
}

/** A page of A4 with these lines; printable ASCII only, which has the same code in every PDF encoding. */
function page(lines: readonly Line[]): Uint8Array {
  const content = ["BT", "72 770 Td"];
  for (const { size, text } of lines) {
    const escaped = text.replace(/[\\()]/g, "\\$&");
    content.push(`/F1 ${size} Tf`, `0 -${size * 1.8} Td`, `(${escaped}) Tj`);
  }
  content.push("ET");
  const stream = content.join("\n");
  return document([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ]);
}

/** Objects numbered from 1, and the table of their places that a reader starts from (ISO 32000-1, 7.5). */
function document(objects: readonly string[]): Uint8Array {
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const place of places) text += `${String(place).padStart(10, "0")} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return new TextEncoder().encode(text);
}
