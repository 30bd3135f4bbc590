/** A method and a path, parameters in braces. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** Reads lines of a path and its methods: `/changes GET DELETE`. */
export function parseRoutes(text: string): Route[] {
  return text.split('\n').flatMap((line) => {
    const [path, ...methods] = line.trim().split(/ +/);
    return methods.map((method) => ({ method, path: path! }));
  });
}

/** The routes of an OpenAPI document. */
export function routesOf(document: { readonly paths: Readonly<Record<string, object>> }): Route[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** What two descriptions of one route share: parameters may have other names. */
export function keyOf({ method, path }: Route): string {
  return `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
}
