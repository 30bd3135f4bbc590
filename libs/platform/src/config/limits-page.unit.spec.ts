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

describe('docs/limits.md', () => {
  it.each(Object.entries(LIMIT_OPTIONS.options))('has Annal.Limits.%s with its default', (name, option) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toBeDefined();
    expect(row).toContain(`| ${readable(option.default, option.unit!)} |`);
  });

  it('names only tests that are there', () => {
    const named = [...page.matchAll(/\]\((\.\.\/[^)#]+)\)/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(join(DOCS, path)))).toEqual([]);
  });
});
