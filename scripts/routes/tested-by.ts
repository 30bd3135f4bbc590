import type { Route } from './route.js';

/** A spec and where it stands. */
export interface Spec {
  readonly path: string;
  /** With that of the helpers for tests that it imports, which may begin the paths that it names. */
  readonly text: string;
}

/** Paths as tests write them: segments of letters, `${…}` and wildcards. */
const PATHS = /(?:\$\{[^}]*\}|[\w.~%,:*-])*(?:\/(?:\$\{[^}]*\}|[\w.~%,:*-])+)+/g;
/** The end of a path in quotes, which something else begins. */
const ENDS = /(?<=['"`])[\w.-]+(?:\/(?:\$\{[^}]*\}|[\w.~%,:*-])+)+/g;
/** How tests name a method; they get without saying so. */
const METHODS: Readonly<Record<string, RegExp>> = {
  GET: /./,
  POST: /\bPOST\b|\bpost\w*\(|\bask\(|\bupload\w*\(/,
  PUT: /\bPUT\b|\bput\w*\(/,
  DELETE: /\bDELETE\b|\b(?:delete|remove)\w*\(/,
};
const MOST = 2;

/** Finds the specs that name a route: its path in full, or with `${…}` for what stands in quotes elsewhere in them. */
export class TestedBy {
  private readonly specs: readonly { readonly spec: Spec; readonly paths: readonly string[][] }[];

  constructor(specs: readonly Spec[]) {
    this.specs = specs.map((spec) => ({
      spec,
      paths: [...new Set([...(spec.text.match(PATHS) ?? []), ...endsIn(spec.text)])].map(segmentsOf),
    }));
  }

  /** Those that name it most clearly, at most two; of several, those called by what it is called. */
  of(route: Route): readonly string[] {
    const segments = segmentsOf(route.path);
    const words = segments.filter((segment) => !isParameter(segment));
    return this.specs
      .filter(({ spec }) => METHODS[route.method]!.test(spec.text))
      .map(({ spec, paths }) => ({
        path: spec.path,
        clarity: Math.max(0, ...paths.map((path) => clarity(path, segments, spec))),
        likeness: words.filter((word) => spec.path.includes(word)).length,
      }))
      .filter((found) => found.clarity > 0)
      .sort((a, b) => b.clarity - a.clarity || b.likeness - a.likeness || (a.path < b.path ? -1 : 1))
      .slice(0, MOST)
      .map(({ path }) => path);
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** Ends of paths, with a variable for what begins them. */
function endsIn(text: string): string[] {
  return (text.match(ENDS) ?? []).map((end) => `\${beginning}/${end}`);
}

/** How clearly a path names a route: by how many words, those in full for two; 0 when it names another or none. */
function clarity(path: readonly string[], route: readonly string[], { text }: Spec): number {
  const isWildcard = route.at(-1) === '{path}' && path.length > route.length;
  const written = isWildcard ? path.slice(0, route.length) : path;
  const missing = route.length - written.length;
  // what stands in front may be the server's address, or the beginning of the path
  if (missing !== 0 && (missing < -1 || !isVariable(written[0]!))) return 0;
  const tail = missing === 0 ? written : written.slice(1);
  const beginning = route.slice(0, route.length - tail.length);
  if (!beginning.every((segment) => isParameter(segment) || text.includes(segment))) return 0;
  const marks = route.slice(beginning.length).map((segment, index) => markOf(segment, tail[index]!, text));
  return marks.includes(undefined) ? 0 : marks.reduce((sum: number, mark) => sum + mark!, 0);
}

/** 2 for the word itself, 1 for a variable that may be it, 0 for a parameter; undefined for another word. */
function markOf(segment: string, written: string, text: string): number | undefined {
  if (isParameter(segment)) return 0;
  if (written === segment) return 2;
  const [before, after, ...more] = written.split(/\$\{[^}]*\}/);
  if (after === undefined || more.length > 0 || !segment.startsWith(before!) || !segment.endsWith(after))
    return undefined;
  const variable = segment.slice(before!.length, segment.length - after.length);
  return isQuoted(variable, text) ? 1 : undefined;
}

const isParameter = (segment: string): boolean => segment.startsWith('{');
const isVariable = (segment: string): boolean => segment.startsWith('${');

function isQuoted(word: string, text: string): boolean {
  return new RegExp(`['"\`/]${word.replaceAll(/[^\w-]/g, '\\$&')}(?:\\?[^'"\`]*)?['"\`]`).test(text);
}
