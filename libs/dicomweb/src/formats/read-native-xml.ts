import sax from 'sax';
import type { DicomJsonAttribute, DicomJsonDataSet, DicomJsonValue } from './dicom-json-model.js';
import { BadMetadata } from './metadata-errors.js';
import { type NativeAttribute, withPrivateBlocks } from './private-blocks.js';

const GROUPS = new Set(['Alphabetic', 'Ideographic', 'Phonetic']);
const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];
const TAG = /^[0-9A-Fa-f]{8}$/;
const VR = /^[A-Z]{2}$/;
/** So many values may be left out in a document, before others that have numbers. */
const LEFT_OUT = 1000;

interface OpenAttribute {
  readonly tag: string;
  readonly vr: string;
  readonly creator: string | undefined;
  readonly values: DicomJsonValue[];
  content: { InlineBinary: string } | { BulkDataURI: string } | undefined;
}

type OpenName = Record<string, string[]>;

/**
 * Reads a data set in the Native DICOM Model (PS3.19 section A.1) while it comes in. No document type is taken, so
 * there are no entities but those of XML itself, and nothing outside is ever looked at.
 */
export class NativeXmlReader {
  private readonly parser = sax.parser(true, { trim: false, normalize: false, xmlns: false, position: false });
  /** What is open: elements by name; data sets, the outermost first; attributes within them. */
  private readonly path: string[] = [];
  private readonly dataSets: NativeAttribute[][] = [];
  private readonly attributes: OpenAttribute[] = [];
  private name: OpenName | undefined;
  private group = '';
  private number: string | undefined;
  /** How many values may still be left out. */
  private gaps = LEFT_OUT;
  private text: string[] = [];
  private result: DicomJsonDataSet | undefined;

  /** @param depth elements within each other, at most */
  constructor(private readonly depth: number) {
    const { parser } = this;
    parser.onerror = () => {
      throw new BadMetadata('The XML is not well-formed');
    };
    parser.ondoctype = () => {
      throw new BadMetadata('A document type is not allowed');
    };
    parser.onprocessinginstruction = ({ name, body }) => {
      const encoding = /encoding\s*=\s*["']([^"']*)/.exec(body)?.[1] ?? 'utf-8';
      if (name !== 'xml' || !/^(?:utf-?8|us-ascii)$/i.test(encoding)) throw new BadMetadata('The XML is to be UTF-8');
    };
    parser.onopentag = ({ name, attributes }) => this.open(localName(name), attributes as Record<string, string>);
    parser.ontext = (text) => this.text.push(text);
    parser.oncdata = (text) => this.text.push(text);
    parser.onclosetag = () => this.close();
  }

  /** Takes the next piece of the document. @throws BadMetadata */
  write(text: string): void {
    this.parser.write(text);
  }

  /** The data set, once the document is complete. @throws BadMetadata */
  end(): DicomJsonDataSet {
    this.parser.close();
    if (!this.result) throw new BadMetadata('The XML has no data set');
    return this.result;
  }

  private open(name: string, attributes: Record<string, string>): void {
    const parent = this.path.at(-1);
    if (this.path.length >= this.depth) throw new BadMetadata(`The XML is nested ${this.depth} levels`);
    if (parent === undefined && name !== 'NativeDicomModel') throw new BadMetadata('The XML is no NativeDicomModel');
    this.path.push(name);
    this.text = [];
    if (name === 'NativeDicomModel' || name === 'Item') this.dataSets.push([]);
    else if (name === 'DicomAttribute') this.openAttribute(attributes);
    else if (name === 'PersonName') this.name = {};
    else if (GROUPS.has(name)) this.group = name;
    else if (name === 'BulkData') this.attribute().content = { BulkDataURI: attributes.uri ?? attributes.URI ?? '' };
    if (name === 'Value' || name === 'PersonName') this.number = attributes.number;
  }

  private openAttribute({ tag = '', vr = '', privateCreator: creator }: Record<string, string | undefined>): void {
    const parent = this.path.at(-2);
    if (parent !== 'NativeDicomModel' && parent !== 'Item') throw new BadMetadata('An attribute is misplaced');
    if (!TAG.test(tag) || !VR.test(vr)) throw new BadMetadata('An attribute has a tag and a value representation');
    this.attributes.push({ tag: tag.toUpperCase(), vr, creator, values: [], content: undefined });
  }

  private close(): void {
    const name = this.path.pop()!;
    const text = this.text.join('');
    this.text = [];
    if (name === 'Value') this.value(text);
    else if (name === 'InlineBinary') this.attribute().content = { InlineBinary: text.replace(/\s+/g, '') };
    else if (name === 'PersonName') this.add(groupsOf(this.name ?? {}));
    else if (COMPONENTS.includes(name)) this.component(COMPONENTS.indexOf(name), text);
    else if (name === 'Item') {
      const item = withPrivateBlocks(this.dataSets.pop()!);
      this.attribute().values.push(item);
    } else if (name === 'DicomAttribute') this.closeAttribute();
    else if (name === 'NativeDicomModel') this.result = withPrivateBlocks(this.dataSets.pop()!);
  }

  private closeAttribute(): void {
    const { tag, vr, creator, values, content } = this.attributes.pop()!;
    const attribute: DicomJsonAttribute = { vr, ...(content ?? (values.length > 0 && { Value: values })) };
    this.dataSets.at(-1)!.push({ tag, creator, attribute });
  }

  private value(text: string): void {
    // an empty value in a sequence says nothing
    if (this.attribute().vr === 'SQ') return;
    this.add(text === '' ? null : text);
  }

  /** Adds a value where its number says. */
  private add(value: DicomJsonValue): void {
    const { values } = this.attribute();
    const index = this.number === undefined ? values.length : Number(this.number) - 1;
    if (!Number.isInteger(index) || index < values.length || index > values.length + this.gaps) {
      throw new BadMetadata('Values are numbered from 1 on');
    }
    this.gaps -= index - values.length;
    while (values.length < index) values.push(null);
    values.push(value);
  }

  private component(index: number, text: string): void {
    if (!this.name || this.group === '') throw new BadMetadata('A component of a name is misplaced');
    const components = (this.name[this.group] ??= ['', '', '', '', '']);
    components[index] = text;
  }

  private attribute(): OpenAttribute {
    const attribute = this.attributes.at(-1);
    if (!attribute) throw new BadMetadata('A value is misplaced');
    return attribute;
  }
}

function groupsOf(name: OpenName): DicomJsonValue {
  const groups = Object.entries(name).map(([group, parts]) => [group, parts.join('^').replace(/\^+$/, '')] as const);
  return Object.fromEntries(groups);
}

/** Without its prefix: writers name the one namespace there is as they like. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
