import { type PeerServer, startPeerServer } from '../../apps/api/src/rest/peers/testing/peer-server.js';
import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';

interface ShownJob {
  readonly State: string;
  readonly Content: { readonly InstancesCount: number; readonly FailedInstancesCount: number };
}

describe('killed while it sends to a peer', () => {
  let server: ArchiveServer | undefined;
  let peer: PeerServer;
  beforeEach(async () => {
    peer = await startPeerServer();
  });
  afterEach(async () => {
    await server?.close();
    await peer.close();
  });

  it.each(['job:before-step', 'job:after-step'])(
    'at %s, a server goes on after its restart: every file arrives, though the peer was set by the REST API',
    async (point) => {
      server = await ArchiveServer.start({ environment: { ANNAL_CRASH_POINT: point } });
      const files = sampleFiles('S', { patients: 1, studies: 1, series: 2, instances: 20 });
      await uploadAll(server, files, 4);
      const { study } = files[0]!.ids;
      await server.fetch('/peers/p', { method: 'PUT', body: JSON.stringify([peer.url, 'u', 'secret']) });
      const body = JSON.stringify({ Resources: [study], Asynchronous: true });
      // the answer may get lost with the worker
      await server
        .fetch('/peers/p/store', { method: 'POST', body })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
      await server.logged(/A worker process ended/);
      await server.end('SIGKILL');
      await server.run();
      let jobs: readonly ShownJob[] = [];
      await until(async () => {
        jobs = await server!.json<ShownJob[]>('/jobs?expand');
        return jobs[0]?.State === 'Success';
      });
      expect(jobs).toHaveLength(1);
      expect(jobs[0]!.Content).toMatchObject({ InstancesCount: files.length, FailedInstancesCount: 0 });
      const sent = new Set(peer.received.map(({ body: bytes }) => bytes.toString('base64')));
      expect(sent).toEqual(new Set(files.map(({ bytes }) => bytes.toString('base64'))));
      const logins = new Set(peer.received.map(({ headers }) => headers.authorization));
      expect(logins).toEqual(new Set([`Basic ${btoa('u:secret')}`]));
      const { Events } = await server.json<{ Events: { Data: { outcome: string } }[] }>('/events?type=annal.export');
      expect(Events.map(({ Data }) => Data.outcome)).toEqual(['pending', 'success']);
    },
  );
});
