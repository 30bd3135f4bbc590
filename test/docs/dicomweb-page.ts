import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/dicomweb-conformance.md'), 'utf8');

/** Below which resources a path stands that is written short. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^…(?=\/series\/)/, '/studies/{study}'],
  [/^…(?=\/instances\/)/, '/studies/{study}/series/{series}'],
];

/** A row of a table, as Markdown. */
export type Row = readonly string[];

/** The text of a section of the page. @param heading how its heading begins */
export function section(heading: string): string {
  const text = PAGE.split('\n## ').find((each) => each.startsWith(heading));
  if (text === undefined) throw new Error(`The page has no section ${heading}`);
  return text;
}

/** The rows of a table of a section. @param header how the table's first line begins, without the bar */
export function table(heading: string, header: string): readonly Row[] {
  const lines = section(heading).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  if (start < 0) throw new Error(`${heading} has no table ${header}`);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end < 0 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in a cell as code. */
export function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
}

/** The paths in a text, written in full: `/studies/{study}/series`, `POST /studies`. */
export function pathsIn(text: string): readonly string[] {
  return quoted(text)
    .map((path) => SHORT.reduce((whole, [short, long]) => whole.replace(short, long), path))
    .filter((path) => /^(?:[A-Z]+ )?\/[a-z]/.test(path));
}
