import { createServer } from 'node:http';

/**
 * Starts things for the tests of a run when a test first asks for them by `GET /name`; the answer is what the start
 * resolved with, or status 500 and why there is nothing.
 * @param {Record<string, () => Promise<string>>} starts what to start, by name
 */
export async function onDemand(starts) {
  /** @type {Map<string, Promise<string>>} */
  const started = new Map();
  const starter = createServer((request, response) => {
    const name = request.url.slice(1);
    // a connection that is kept may be closed at the moment in which the next test asks
    response.setHeader('Connection', 'close');
    if (!Object.hasOwn(starts, name)) return void response.writeHead(404).end();
    if (!started.has(name)) started.set(name, starts[name]());
    started.get(name).then(
      (text) => response.end(text),
      (error) => response.writeHead(500).end(error.message ?? String(error)),
    );
  });
  await new Promise((resolve) => starter.listen(0, '127.0.0.1', resolve));
  return {
    /** Where tests ask. */
    url: `http://127.0.0.1:${starter.address().port}/`,
    /** Starts nothing more; resolves when everything that was begun is started or has failed. */
    async close() {
      starter.closeAllConnections();
      starter.close();
      await Promise.allSettled(started.values());
    },
  };
}
