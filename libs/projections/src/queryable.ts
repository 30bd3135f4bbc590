/** What runs queries with parameters: a pool or a connection of the pg package. */
export interface Queryable {
  query<R extends object = Record<string, unknown>>(
    query: string | { readonly name?: string; readonly text: string; readonly values?: readonly unknown[] },
    values?: readonly unknown[],
  ): Promise<{ readonly rows: R[] }>;
}
