import { type Option, type OptionTable, type Section } from '../option.js';
import { type OPTION_GROUPS } from '../options/index.js';

/** What a document says of an option's default. */
export function describeDefault(option: Option<unknown>): string {
  return option.defaultNote ?? (option.default === undefined ? 'none' : JSON.stringify(option.default));
}

/** The options of a table with their paths, those of its sections included, in order. */
export function flatten(table: OptionTable, at = ''): { path: string; option: Option<unknown> }[] {
  return Object.entries(table).flatMap(([key, entry]) =>
    entry.kind === 'option' ? [{ path: at + key, option: entry }] : flatten(entry.options, `${at}${key}.`),
  );
}

/** The entries of a table that a document for users shows: what has an effect now or later. */
export function effective(table: OptionTable): [string, Option<unknown> | Section<OptionTable>][] {
  return Object.entries(table).filter(([, entry]) =>
    entry.kind === 'option'
      ? entry.status !== 'no-effect'
      : flatten(entry.options).some(({ option }) => option.status !== 'no-effect'),
  );
}

export type OptionGroup = (typeof OPTION_GROUPS)[number];
