/** After a jest run: stops the servers that its tests asked for. */
export default async function teardown() {
  await Promise.all((globalThis.stopTestServers ?? []).map((stop) => stop()));
}
