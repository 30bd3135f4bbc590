/** A JSON value as the XML that Orthanc makes of it: a `root` with an element for each key, `item` for list entries. */
export function renderXml(value: unknown): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${element('root', value, '')}`;
}

function element(name: string, value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) {
    return `${indent}<${name}>${escapeText(String(value))}</${name}>\n`;
  }
  const inner = indent + '  ';
  const children = Array.isArray(value)
    ? value.map((entry) => element('item', entry, inner))
    : Object.entries(value).map(([key, child]) => element(escapeName(key), child, inner));
  if (children.length === 0) return `${indent}<${name} />\n`;
  return `${indent}<${name}>\n${children.join('')}${indent}</${name}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for an element; what XML 1.0 cannot hold is left out. */
function escapeText(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (c) => ENTITIES[c]!);
}

function escapeName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]/gu, '_') || '_';
}

/** Whether a client asks for XML in place of JSON, as Orthanc reads `Accept`: the media type alone, or among `;`. */
export function wantsXml(accept: string | undefined): boolean {
  return accept !== undefined && accept.split(';').some((type) => type.trim() === 'application/xml');
}
