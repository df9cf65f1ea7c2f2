/** Bytes that are made into text at a time: functions take only so many arguments. */
const PORTION = 8_192;
/** Ends whose last character holds no bits that mean nothing. */
const SOUND_END = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)$/;

/** Base64 (RFC 4648, section 4), in Node and browsers. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PORTION) {
    text += String.fromCharCode(...bytes.subarray(start, start + PORTION));
  }
  return btoa(text);
}

/** Whether a text is base64 in its one form: padded, without bits that mean nothing. */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const end = text.length - 4;
  return text.length === 0 || (!/[^A-Za-z0-9+/]/.test(text.slice(0, end)) && SOUND_END.test(text.slice(end)));
}

/** The bytes of a text that is base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
