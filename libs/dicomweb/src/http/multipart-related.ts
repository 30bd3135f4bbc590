import { randomUUID } from 'node:crypto';

/** The frame around the parts of a `multipart/related` answer (RFC 2387, PS3.18 section 8.6.1.2). */
export class MultipartRelated {
  readonly boundary = randomUUID();
  private first = true;

  /** @param type the media type of its root part, e.g. `application/dicom` */
  constructor(private readonly type: string) {}

  get contentType(): string {
    return `multipart/related; type="${this.type}"; boundary=${this.boundary}`;
  }

  /** What comes before the bytes of the next part; `Content-Length` counts them. */
  head(headers: Readonly<Record<string, string | number>>): Buffer {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const before = this.first ? '' : '\r\n';
    this.first = false;
    return Buffer.from(`${before}--${this.boundary}\r\n${lines.join('')}\r\n`);
  }

  /** What comes after the last part. */
  end(): Buffer {
    return Buffer.from(this.first ? `--${this.boundary}--\r\n` : `\r\n--${this.boundary}--\r\n`);
  }
}
