import { type BulkData, parseMediaType } from '@annal/dicomweb';

/** Bulk data of a request, in its temporary file. */
export interface BulkPart extends BulkData {
  /** Where they begin, bytes. */
  readonly start: number;
}

type Row = readonly [uri: string, contentType: string, start: number, size: number];

/** The bulk data of a request by what refers to them. */
export class BulkParts {
  private readonly rows: Row[] = [];
  private readonly byUri = new Map<string, BulkPart[]>();
  private text: Uint8Array | undefined;

  add(...row: Row): void {
    const [uri, contentType, start, size] = row;
    this.rows.push(row);
    const parts = this.byUri.get(uri) ?? [];
    parts.push({ mediaType: parseMediaType(contentType), start, size });
    this.byUri.set(uri, parts);
  }

  /** In the order in which they came; undefined where there are none. */
  find(uri: string): readonly BulkPart[] | undefined {
    return this.byUri.get(uri);
  }

  /** All of them for a thread, which reads them by `sharedBulkParts`: in memory that all threads see. */
  shared(): Uint8Array {
    if (!this.text) {
      const text = Buffer.from(JSON.stringify(this.rows));
      this.text = new Uint8Array(new SharedArrayBuffer(text.length));
      this.text.set(text);
    }
    return this.text;
  }
}

/** What `shared` has written. */
export function sharedBulkParts(text: Uint8Array): BulkParts {
  const parts = new BulkParts();
  for (const row of JSON.parse(Buffer.from(text).toString('utf8')) as Row[]) parts.add(...row);
  return parts;
}
