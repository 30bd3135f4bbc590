/** Stops the PostgreSQL of a jest run. */
export default async function teardown() {
  await globalThis.stopTestPostgres?.();
}
