interface Node {
  readonly children: Map<string, Node>;
  parameter?: Node;
  /** The methods that take everything below. */
  readonly wildcard: Set<string>;
  readonly methods: Set<string>;
}

/** What the routes say about a path. */
export interface KnownPath {
  /** The methods it has, in Orthanc's order. */
  readonly methods: readonly string[];
  /** The names one level below, in alphabetical order. */
  readonly children: readonly string[];
}

const ORDER = ['GET', 'POST', 'PUT', 'DELETE'];

/** All routes as a tree of path segments: tells 404 from 405, and lists what lies below a path. */
export class RouteTree {
  private readonly root = node();

  /** @param pattern with `:name` for a parameter and `*` at the end for everything below */
  add(method: string, pattern: string): void {
    let at = this.root;
    for (const segment of split(pattern)) {
      if (segment === '*') {
        at.wildcard.add(method);
        return;
      }
      if (segment.startsWith(':')) at = at.parameter ??= node();
      else {
        const next = at.children.get(segment) ?? node();
        at.children.set(segment, next);
        at = next;
      }
    }
    at.methods.add(method);
  }

  /** @param path canonical; undefined when no route has it, nor anything below it */
  find(path: string): KnownPath | undefined {
    const methods = new Set<string>();
    const children = new Set<string>();
    let at: readonly Node[] = [this.root];
    for (const segment of split(path)) {
      at.forEach((one) => one.wildcard.forEach((method) => methods.add(method)));
      at = at.flatMap((one) => [one.children.get(segment), one.parameter].filter((next) => next !== undefined));
    }
    for (const one of at) {
      one.methods.forEach((method) => methods.add(method));
      for (const name of one.children.keys()) children.add(name);
    }
    if (methods.size === 0 && children.size === 0) return undefined;
    return { methods: ORDER.filter((method) => methods.has(method)), children: [...children].sort() };
  }
}

function node(): Node {
  return { children: new Map(), wildcard: new Set(), methods: new Set() };
}

function split(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
