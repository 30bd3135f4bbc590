const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** How many bytes follow a lead byte; -1 when it leads nothing. */
function trailing(lead: number): number {
  if (lead < 0x80) return 0;
  if (lead < 0xc2) return -1;
  if (lead < 0xe0) return 1;
  if (lead < 0xf0) return 2;
  return lead <= 0xf4 ? 3 : -1;
}

const LOWEST = [0, 0x80, 0x800, 0x10000];

function valid(codePoint: number, trail: number): boolean {
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint <= 0x10ffff && !surrogate && codePoint >= (LOWEST[trail] ?? 0);
}

/**
 * UTF-8, leaving out what is none. What counts as one broken sequence decides on identifiers made from a broken
 * PatientID, so it is as Boost.Locale has it: the byte that is no trail byte is lost with the sequence it ends.
 */
function decodeLeniently(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at++] ?? 0;
    const trail = trailing(lead);
    if (trail < 0) continue;
    let codePoint = trail === 0 ? lead : lead & ((1 << (6 - trail)) - 1);
    let left = trail;
    for (; left > 0 && at < bytes.length; left--) {
      const byte = bytes[at++] ?? 0;
      if ((byte & 0xc0) !== 0x80) break;
      codePoint = (codePoint << 6) | (byte & 0x3f);
    }
    if (left === 0 && valid(codePoint, trail)) text += String.fromCodePoint(codePoint);
  }
  return text;
}

/** UTF-8 text (ISO_IR 192); broken sequences are left out, a byte order mark is kept as the character it is. */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeLeniently(bytes);
  }
}
