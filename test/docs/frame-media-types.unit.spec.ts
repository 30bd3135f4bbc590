import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntaxesOfMediaType } from '@annal/dicomweb';

const PAGE = join(import.meta.dirname, '../../docs/dicomweb-conformance.md');
const FAMILY = '1.2.840.10008.1.2.4';

/** The media types of a row, its default transfer syntax first. */
function rows(): (readonly [types: string[], syntaxes: string[]])[] {
  const table = readFileSync(PAGE, 'utf8').split('| Frames, asked for by |')[1]!.split('\n\n')[0]!;
  const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
  return table
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([, types = '']) => /`(?:image|video)\//.test(types))
    .map(([, types = '', first = '', others = '']) => [
      quoted(types),
      [...quoted(first), ...quoted(others).map((last) => FAMILY + last)],
    ]);
}

describe('the table of media types of frames', () => {
  it.each(rows())('says of %j what is served', (types, syntaxes) => {
    for (const type of types) expect(syntaxesOfMediaType(type)?.toSorted()).toEqual(syntaxes.toSorted());
    expect(syntaxesOfMediaType(types[0]!)![0]).toBe(syntaxes[0]);
  });

  it('has them all', () => {
    expect(rows()).toHaveLength(10);
  });
});
