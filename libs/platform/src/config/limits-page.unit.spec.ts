import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMIT_OPTIONS } from './options/limits.js';

const DOCS = join(import.meta.dirname, '../../../../docs');
const page = readFileSync(join(DOCS, 'limits.md'), 'utf8');

/** `MaxBodySize: 17179869184 bytes` as people write it: `16 GiB`. */
function readable(value: number, unit: string): string {
  if (unit !== 'bytes') return `${value.toLocaleString('en')} ${unit}`;
  const power = value === 0 ? 0 : Math.min(3, Math.floor(Math.log2(value) / 10));
  return `${value / 1024 ** power} ${['bytes', 'KiB', 'MiB', 'GiB'][power]}`;
}

/** The cells of every limit, by column, of each table on the page. */
function limits(): Record<string, string>[] {
  return [...page.matchAll(/(?:^\|.*\n)+/gm)].flatMap(([table]) => {
    const [columns, , ...rows] = table.trim().split('\n').map(cells);
    return rows.map((row) => Object.fromEntries(columns!.map((column, index) => [column, row[index] ?? ''])));
  });
}

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const proofs = (text: string): string[] => [...text.matchAll(/\]\((\.\.\/[^)#]+)\)/g)].map(([, path]) => path!);

describe('docs/limits.md', () => {
  it.each(Object.entries(LIMIT_OPTIONS.options))('has Annal.Limits.%s with its default', (name, option) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toBeDefined();
    expect(row).toContain(`| ${readable(option.default, option.unit!)} |`);
  });

  it('names a test as the proof of every limit', () => {
    const all = limits();
    expect(all.length).toBeGreaterThan(Object.keys(LIMIT_OPTIONS.options).length);
    const unproven = all.filter(
      ({ Proof }) => !proofs(Proof ?? '').some((path) => /(\.spec|-contract)\.ts$/.test(path)),
    );
    expect(unproven).toEqual([]);
  });

  it('names only tests that are there', () => {
    expect(proofs(page).filter((path) => !existsSync(join(DOCS, path)))).toEqual([]);
  });
});
