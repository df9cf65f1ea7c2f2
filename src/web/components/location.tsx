/**
 * Where a document can be had, as a partner stated it. Only web addresses become links: anybody can write anything
 * there, a script too.
 */
export function Location({ value, name }: { value: string; name?: string }) {
  const shown = name ?? value;
  if (!isWebAddress(value)) return <span title={value}>{shown}</span>;
  return (
    <a href={value} rel="noopener noreferrer nofollow" title={value}>
      {shown}
    </a>
  );
}

function isWebAddress(value: string): boolean {
  try {
    return /^https?:$/.test(new URL(value, window.location.href).protocol) && !/\s/.test(value) && value !== "";
  } catch {
    return false;
  }
}
