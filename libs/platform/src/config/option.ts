import { type ValueType } from './types/value-type.js';

/** used: Annal acts on it. planned: it is checked and kept for a later version. no-effect: accepted and ignored. */
export type OptionStatus = 'used' | 'planned' | 'no-effect';

/** One option: what documents, the default file, messages and the typed configuration are made of. */
export interface Option<out T> {
  readonly kind: 'option';
  readonly type: ValueType<T>;
  readonly default: T;
  readonly status: OptionStatus;
  readonly description: string;
  /** What a number counts, such as "seconds" or "bytes". */
  readonly unit?: string;
  /** A path: the folder a relative one starts from. */
  readonly relativeTo?: 'configuration' | 'working-directory';
  /** Where the value is an object, or a list of them: the key of the path in it, or keys of several. */
  readonly pathIn?: string | readonly string[];
  /** The value is an object of such objects. */
  readonly isMap?: boolean;
  /** How documents describe a default that depends on something. */
  readonly defaultNote?: string;
}

/** A named object of options, or of further sections. */
export interface Section<out O extends OptionTable> {
  readonly kind: 'section';
  readonly description: string;
  readonly options: O;
}

export interface OptionTable {
  readonly [key: string]: Option<unknown> | Section<OptionTable>;
}

/** The values of a table: its sections as objects, everything readonly. */
export type ValuesOf<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : O[K] extends Section<infer S> ? ValuesOf<S> : never;
};

type Extra = Pick<Option<unknown>, 'unit' | 'relativeTo' | 'pathIn' | 'isMap' | 'defaultNote'>;

/** Declares an option. */
export function option<T>(
  type: ValueType<T>,
  defaultValue: NoInfer<T>,
  status: OptionStatus,
  description: string,
  extra: Extra = {},
): Option<T> {
  return { kind: 'option', type, default: defaultValue, status, description, ...extra };
}

/** Declares an option that may be absent. */
export function optional<T>(
  type: ValueType<T>,
  status: OptionStatus,
  description: string,
  extra: Extra = {},
): Option<T | undefined> {
  return { kind: 'option', type, default: undefined, status, description, ...extra };
}

/** Declares a section. */
export function section<const O extends OptionTable>(description: string, options: O): Section<O> {
  return { kind: 'section', description, options };
}
