import { inflateRawSync } from 'node:zlib';
import { type HeaderDataSet, type HeaderElement } from '../header/model.js';
import { decodeHeader } from '../header/header-codec.js';
import { DicomJsonWriter, type DicomJsonOptions } from './dicom-json.js';

/** So many elements are remembered at most, and no longer ones, characters. */
const REMEMBERED = 20_000;
const WORTH_REMEMBERING = 4096;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING = 0x5d;
const FRONT = '{"version":1,';
const DATA_SET = '"dataset":[';

/**
 * Writes stored headers in the DICOM JSON model without taking them apart: the headers of a series have most elements in
 * common, and what stands in one as it stood in another is written as it was. Strings of bytes (UTF-8 read as Latin-1)
 * come out, which are joined more quickly than texts.
 */
export class StoredDicomJsonWriter {
  private readonly writer: DicomJsonWriter;
  /** By the text of an element; undefined for what means one thing here and another there. */
  private readonly written = new Map<string, string | undefined>();

  /**
   * @param maxSize of an inflated header, bytes
   * @param leftOut whether an element is no part of what is written
   */
  constructor(
    options: DicomJsonOptions,
    private readonly maxSize: number,
    private readonly leftOut: (element: HeaderElement) => boolean,
  ) {
    this.writer = new DicomJsonWriter(options);
  }

  /** @throws Error when it is no header, or larger than allowed */
  write(stored: Buffer): string {
    const text = inflateRawSync(stored, { maxOutputLength: this.maxSize }).toString('latin1');
    return this.quickly(text) ?? bytesOf(this.writer.write(this.kept(decodeHeader(stored, this.maxSize).dataset)));
  }

  /** Undefined where a header must be read as a whole. */
  private quickly(text: string): string | undefined {
    const front = text.startsWith(FRONT) ? text.indexOf(DATA_SET) : -1;
    if (front < 0) return undefined;
    let members = '';
    for (let at = front + DATA_SET.length; text.charCodeAt(at) === OPENING;) {
      const end = endOfArray(text, at);
      const member = this.member(text.slice(at, end));
      if (member === undefined) return undefined;
      if (member !== '') members += members === '' ? member : `,${member}`;
      at = text.charCodeAt(end) === COMMA ? end + 1 : end;
    }
    return `{${members}}`;
  }

  private member(text: string): string | undefined {
    const known = this.written.get(text);
    if (known !== undefined || this.written.has(text)) return known;
    const element = JSON.parse(Buffer.from(text, 'latin1').toString()) as HeaderElement;
    const member = needsDataSet(element) ? undefined : bytesOf(this.writer.write(this.kept([element])).slice(1, -1));
    if (text.length <= WORTH_REMEMBERING) {
      if (this.written.size >= REMEMBERED) this.written.clear();
      this.written.set(text, member);
    }
    return member;
  }

  private kept(dataset: HeaderDataSet): HeaderDataSet {
    return dataset.filter((element) => !this.leftOut(element));
  }
}

/** UN read as text has the representation that its private creator, another element, leads to. */
function needsDataSet([, vr, value]: HeaderElement): boolean {
  return vr === 'UN' && typeof value === 'string';
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Where the array that begins at `start` has ended. */
function endOfArray(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPENING) depth += 1;
    else if (code === CLOSING && --depth === 0) return at + 1;
  }
  throw new Error('no header model of version 1');
}

/** Where the quotation mark is that ends a string. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at > 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  throw new Error('no header model of version 1');
}
