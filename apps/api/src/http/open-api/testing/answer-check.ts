import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { Answer } from '../../../rest/testing/writing-app.js';
import type { Operation } from './operations.js';

const DOCUMENT = 'http://annal/openapi';

/** Compares answers with what a description says of them. */
export class AnswerCheck {
  private readonly ajv = new Ajv({ strict: false, validateSchema: false });

  constructor(document: OpenAPIObject) {
    formats.default(this.ajv);
    this.ajv.addSchema({ ...document, $id: DOCUMENT });
  }

  /** What is wrong with an answer; undefined: nothing. */
  fault({ path, method, responses }: Operation, answer: Answer): unknown {
    const said = responses[answer.status];
    if (!said) return `${answer.status} ${answer.text.replaceAll(/\s+/g, ' ').slice(0, 120)}`;
    const sent = answer.headers.get('content-type');
    if (!said.content) return answer.bytes.length > 0 ? `A body where none is described: ${sent}` : undefined;
    const type = [mediaType(sent), '*/*'].find((name) => said.content![name]);
    if (type === undefined) return `${sent} is none of ${Object.keys(said.content).join(', ')}`;
    const { format } = said.content[type]!.schema as { readonly format?: string };
    if (format === 'binary') return undefined;
    const value = isJson(type) ? (JSON.parse(answer.text) as unknown) : answer.text;
    const place = ['paths', path, method.toLowerCase(), 'responses', answer.status, 'content', type, 'schema'];
    return this.errors(place, value);
  }

  /** What is wrong with the body of an error. */
  errorFault(answer: Answer): unknown {
    return this.errors(['components', 'schemas', 'Error'], answer.json);
  }

  private errors(place: readonly (string | number)[], value: unknown): unknown {
    const pointer = place.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')));
    const isValid = this.ajv.getSchema(`${DOCUMENT}#/${pointer.join('/')}`)!;
    if (isValid(value)) return undefined;
    return isValid.errors!.map(({ instancePath, message, params }) => ({ instancePath, message, params })).slice(0, 6);
  }
}

/** A media type without its parameters, but for the type of the parts of a multipart body. */
function mediaType(header: string | null): string {
  const [, name = '', parts] = /^([^;]*)(?:; type="([^";]*))?/.exec(header ?? '')!;
  return parts === undefined ? name : `${name}; type="${parts}"`;
}

function isJson(type: string): boolean {
  return /^[^;]*json$/.test(type);
}
