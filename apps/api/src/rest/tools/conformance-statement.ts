import { uidName } from '@annal/dicom';
import { ANNAL_VERSION } from '@annal/platform';

/** What the statement tells of. */
export interface Accepted {
  /** UIDs. */
  readonly sopClasses: readonly string[];
  readonly transferSyntaxes: readonly string[];
}

/** The conformance statement (PS3.2) as plain text, headings underlined. */
export function conformanceStatement({ sopClasses, transferSyntaxes }: Accepted): string {
  const title = 'DICOM Conformance Statement of Annal';
  const rule = '='.repeat(title.length);
  return [
    `${rule}\n${title}\n${rule}`,
    `Annal ${ANNAL_VERSION} takes DICOM files (PS3.10) over HTTP and gives them back as they came.`,
    section('Network services', 'This version offers no DIMSE service (PS3.7), neither as SCP nor as SCU.'),
    section(
      'Storage SOP classes',
      'Files of every SOP class are taken over HTTP. Of those of the standard, the\nconfiguration accepts for C-STORE:',
      table(sopClasses),
    ),
    section(
      'Transfer syntaxes',
      'Files in every transfer syntax are taken over HTTP. Of those of the standard, the\nconfiguration accepts for C-STORE:',
      table(transferSyntaxes),
    ),
    '',
  ].join('\n\n');
}

function section(title: string, ...paragraphs: readonly string[]): string {
  const rule = '-'.repeat(title.length);
  return [`\n${rule}\n${title}\n${rule}`, ...paragraphs].join('\n\n');
}

/** Names and UIDs, by name. */
function table(uids: readonly string[]): string {
  const rows = uids
    .map((uid) => ({ uid, name: uidName(uid) ?? '(no name)' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.length === 0 ? '  none' : rows.map(({ uid, name }) => `  ${name.padEnd(width)} | ${uid}`).join('\n');
}
