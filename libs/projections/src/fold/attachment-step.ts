import { type AttachmentPlace, depthOf, type Outcome, type RecordedEvent } from '@annal/domain';
import { CHANGE_TYPES } from '../changes.js';
import { compactDate } from './compact-date.js';
import { isType } from './decode.js';
import { sqlJson, sqlText } from './sql-literal.js';

/** The fold of an event about an attachment: one call, whose result says what came of it. */
export interface AttachmentStep {
  /** A SELECT of one value. */
  readonly call: string;
  outcome(result: unknown): Outcome | undefined;
}

/** undefined for other events. */
export function attachmentStep(event: RecordedEvent): AttachmentStep | undefined {
  if (isType(event, 'annal.attachment.added.v1')) {
    const { expected, blob } = event.data;
    return {
      call: attachSql(event, event.data, `${optionalJson(expected)}, ${sqlJson(blob)}`),
      outcome: (result) => result as Outcome,
    };
  }
  if (isType(event, 'annal.attachment.removed.v1')) {
    return {
      call: attachSql(event, event.data, `${optionalJson(event.data.expected)}, NULL`),
      outcome: (result) => ((result as { kind: string }).kind === 'detached' ? undefined : (result as Outcome)),
    };
  }
  if (isType(event, 'annal.attachment.recoded.v1')) {
    const { replaces, blob } = event.data;
    return {
      call: `fold_recode(${placeSql(event.data)}, ${sqlText(replaces)}, ${sqlJson(blob)}, ${changeSql(event)})`,
      outcome: (result) => (result === true ? undefined : { kind: 'ignored' }),
    };
  }
  return undefined;
}

function attachSql(event: RecordedEvent, place: AttachmentPlace, what: string): string {
  return `fold_attach(${placeSql(place)}, ${what}, ${changeSql(event)})`;
}

function placeSql({ level, id, contentType }: AttachmentPlace): string {
  return `${depthOf(level)}, ${sqlText(id)}, ${sqlJson(contentType)}::text::int`;
}

function changeSql({ position, time }: RecordedEvent): string {
  return `${position.offset}, ${sqlText(compactDate(time))}, ${CHANGE_TYPES.UpdatedAttachment}::smallint`;
}

function optionalJson(value: unknown): string {
  return value === undefined ? 'NULL' : sqlJson(value);
}
