import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENT_TYPES } from '@annal/domain';
import { CHANGE_TYPES } from '@annal/projections';

const page = readFileSync(join(import.meta.dirname, '../../docs/events.md'), 'utf8');

describe('docs/events.md', () => {
  it('has a heading and an example of every type of event, and of no other', () => {
    const headings = [...page.matchAll(/^### `(.+)`$/gm)].map(([, type]) => type);
    const examples = [...page.matchAll(/```json\n(.+?)\n```/gs)].map(
      ([, json]) => (JSON.parse(json!) as { Type: string }).Type,
    );
    expect(headings.sort()).toEqual([...CURRENT_TYPES].sort());
    expect(examples.sort()).toEqual(headings);
  });

  it('has the number of every type of change', () => {
    const cells = page.split('|').map((cell) => cell.trim());
    for (const [name, number] of Object.entries(CHANGE_TYPES)) {
      expect(cells[cells.indexOf(name) - 1]).toBe(String(number));
    }
  });
});
