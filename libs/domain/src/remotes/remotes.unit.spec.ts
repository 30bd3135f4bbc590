import { RecordingPorts } from '../testing/fakes.js';
import { isRemoteName, remoteSubject } from './remote.js';
import { RemoveRemote } from './remove-remote/remove-remote.js';
import { RemoveRemoteHandler } from './remove-remote/remove-remote.handler.js';
import { SetRemote } from './set-remote/set-remote.js';
import { SetRemoteHandler } from './set-remote/set-remote.handler.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };
const remote = { kind: 'peer', name: 'a b/ü', run: null } as const;

describe('another server', () => {
  it('is set with its options sealed, each time with another key, and nothing of them in clear', async () => {
    const ports = new RecordingPorts();
    const handler = new SetRemoteHandler(ports.writer, ports.sealer);
    for (const Password of ['one', 'two']) await handler.execute(new SetRemote(remote, { Password }, context));
    const [one, two] = ports.appended;
    expect(one).toMatchObject({ type: 'annal.remote.set.v1', subject: 'peers/a%20b%2F%C3%BC', data: remote });
    expect(Object.keys(one!.data)).toEqual(['kind', 'name', 'run']);
    expect(one!.sealed).toMatchObject({ algorithm: 'aes-256-gcm', value: 'sealed {"Password":"one"}' });
    expect(one!.sealed!.keyId).not.toBe(two!.sealed!.keyId);
  });

  it('is removed', async () => {
    const ports = new RecordingPorts();
    const run = '0193a000-0000-4000-8000-000000000001';
    await new RemoveRemoteHandler(ports.writer).execute(
      new RemoveRemote({ kind: 'dicomweb', name: 'x', run }, context),
    );
    expect(ports.appended).toMatchObject([
      { type: 'annal.remote.removed.v1', subject: 'dicom-web/servers/x', data: { kind: 'dicomweb', name: 'x', run } },
    ]);
  });

  it('has a name that can be kept', () => {
    expect(['a', 'ü 日本/..', 'x'.repeat(255)].map(isRemoteName)).toEqual([true, true, true]);
    expect(['', 'a\0', '\ud800', 'x'.repeat(256)].map(isRemoteName)).toEqual([false, false, false, false]);
    expect(remoteSubject({ kind: 'peer', name: '日' })).toBe('peers/%E6%97%A5');
  });
});
