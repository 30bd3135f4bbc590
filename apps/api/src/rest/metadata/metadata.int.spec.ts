import { createHash } from 'node:crypto';
import { envelope, type EventEnvelope, type ResourceDeleted } from '@annal/domain';
import { storedEvent, testContext } from '../../../../../test/support/stored-event.js';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const stored = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' });
const { ids } = stored.data;
const RESOURCES = [
  `/patients/${ids.patient}`,
  `/studies/${ids.study}`,
  `/series/${ids.series}`,
  `/instances/${ids.instance}`,
];
const STUDY = `/studies/${ids.study}/metadata`;
const tagOf = (revision: number, value: string): string =>
  `"${revision}-${createHash('md5').update(value).digest('hex')}"`;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly etag: string | null;
}

describe('metadata that users define', () => {
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp({
      UserMetadata: { mine: 2000 },
      Annal: { Limits: { MaxMetadataSize: 20, MaxMetadataPerResource: 4 } },
    });
    await reading.log.append([stored]);
  });
  afterAll(() => reading.close());
  afterEach(async () => {
    for (const path of RESOURCES) {
      for (const name of await list(`${path}/metadata?numeric`)) {
        if (Number(name) >= 1024) expect((await send('DELETE', `${path}/metadata/${name}`)).status).toBe(200);
      }
    }
  });

  async function list(path: string): Promise<readonly (string | number)[]> {
    return (await reading.ask<(string | number)[]>(path)).json;
  }

  async function send(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
    app: ReadingApp = reading,
  ): Promise<Answer> {
    const response = await fetch(app.app.url + path, { method, headers, ...(body !== undefined && { body }) });
    return { status: response.status, text: await response.text(), etag: response.headers.get('ETag') };
  }

  it.each(RESOURCES)('is set, read, listed, and deleted of %s', async (path) => {
    expect(await send('PUT', `${path}/metadata/mine`, 'Hello')).toEqual({
      status: 200,
      text: '',
      etag: tagOf(0, 'Hello'),
    });
    expect(await send('PUT', `${path}/metadata/1024`, '')).toMatchObject({ status: 200, etag: tagOf(0, '') });
    for (const name of ['mine', '2000', '02000']) {
      expect(await send('GET', `${path}/metadata/${name}`)).toEqual({
        status: 200,
        text: 'Hello',
        etag: tagOf(0, 'Hello'),
      });
    }
    expect((await list(`${path}/metadata`)).slice(-2)).toEqual(['1024', 'mine']);
    expect((await list(`${path}/metadata?numeric`)).slice(-2)).toEqual([1024, 2000]);
    expect((await reading.ask(`${path}/metadata?expand`)).json).toMatchObject({ 1024: '', mine: 'Hello' });
    expect((await reading.ask(`${path}/metadata?expand&numeric`)).json).toMatchObject({ 1024: '', 2000: 'Hello' });
    expect(await send('DELETE', `${path}/metadata/mine`)).toEqual({ status: 200, text: '', etag: null });
    expect((await send('GET', `${path}/metadata/mine`)).status).toBe(404);
    expect(await send('DELETE', `${path}/metadata/mine`)).toMatchObject({
      status: 404,
      text: expect.stringContaining('"OrthancStatus" : 17') as string,
    });
  });

  it('keeps any text of UTF-8, and refuses what is none, or too long, changing nothing', async () => {
    for (const value of ['Zürich', '"\\\n\t', '𝄞', '\uFEFFa', ' 1 ']) {
      expect(await send('PUT', `${STUDY}/1024`, value)).toMatchObject({ status: 200 });
      const response = await fetch(`${reading.app.url}${STUDY}/1024`);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(value));
    }
    for (const bytes of [Buffer.from([0x61, 0xff]), Buffer.from('a\0b'), Buffer.from([0xed, 0xa0, 0x80])]) {
      expect((await send('PUT', `${STUDY}/1024`, bytes)).status).toBe(400);
    }
    expect((await send('PUT', `${STUDY}/1024`, 'x'.repeat(21))).status).toBe(413);
    expect((await send('GET', `${STUDY}/1024`)).text).toBe(' 1 ');
    expect((await send('PUT', `${STUDY}/1024`, 'x'.repeat(20))).status).toBe(200);
  });

  it('has so many for one resource and no more; what is there can be replaced', async () => {
    for (const number of [1024, 1025, 1026, 1027]) {
      expect((await send('PUT', `${STUDY}/${number}`, 'x')).status).toBe(200);
    }
    expect(await send('PUT', `${STUDY}/1028`, 'x')).toMatchObject({
      status: 413,
      text: expect.stringContaining('A resource has 4 metadata at most') as string,
    });
    expect((await send('PUT', `${STUDY}/1027`, 'y')).status).toBe(200);
    expect((await send('DELETE', `${STUDY}/1024`)).status).toBe(200);
    expect((await send('PUT', `${STUDY}/1028`, 'x')).status).toBe(200);
  });

  it.each([
    ['LastUpdate', 403, ''],
    ['3', 403, ''],
    ['1023', 403, ''],
    ['65536', 403, ''],
    ['-1', 403, ''],
    ['nope', 404, '"OrthancStatus" : 7,'],
    ['MINE', 404, '"OrthancStatus" : 7,'],
    ['2000.0', 404, '"OrthancStatus" : 7,'],
    ['HttpHost', 404, '"OrthancStatus" : 7,'],
    ['%202000', 400, '"OrthancStatus" : 5,'],
    ['99999999999', 400, '"OrthancStatus" : 5,'],
  ])('does not set or delete %s: %i', async (name, status, text) => {
    for (const method of ['PUT', 'DELETE']) {
      const answer = await send(method, `${STUDY}/${name}`, method === 'PUT' ? 'x' : undefined);
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(text);
      if (text === '') expect(answer.text).toBe('');
    }
  });

  it('answers that there is no such resource, also under a wrong level', async () => {
    for (const path of [`/studies/nope`, `/patients/${ids.study}`]) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        expect(await send(method, `${path}/metadata/mine`, method === 'PUT' ? 'x' : undefined)).toMatchObject({
          status: 404,
          text: expect.stringContaining('"OrthancStatus" : 17') as string,
        });
      }
    }
  });

  it('counts revisions, and replaces and deletes only the one that is named', async () => {
    const path = `${STUDY}/mine`;
    // of what is not there, any revision will do
    expect(await send('PUT', path, 'a', { 'If-Match': tagOf(7, 'x') })).toMatchObject({
      status: 200,
      etag: tagOf(0, 'a'),
    });
    expect(await send('PUT', path, 'a')).toMatchObject({ status: 200, etag: tagOf(1, 'a') });
    expect(await send('PUT', path, 'b', { 'If-Match': tagOf(1, 'a') })).toMatchObject({
      status: 200,
      etag: tagOf(2, 'b'),
    });
    for (const wrong of [tagOf(1, 'a'), tagOf(2, 'a'), tagOf(1, 'b'), '"2-"']) {
      for (const method of ['PUT', 'DELETE']) {
        const body = method === 'PUT' ? 'c' : undefined;
        expect(await send(method, path, body, { 'If-Match': wrong })).toMatchObject({
          status: 409,
          text: expect.stringContaining('"OrthancStatus" : 43') as string,
        });
      }
    }
    expect(await send('GET', path)).toMatchObject({ text: 'b', etag: tagOf(2, 'b') });
    expect(await send('DELETE', path, undefined, { 'If-Match': tagOf(2, 'b').replaceAll('"', '') })).toMatchObject({
      status: 200,
    });
    expect(await send('PUT', path, 'b')).toMatchObject({ etag: tagOf(0, 'b') });
  });

  it.each(['0', '"0"', 'abc', '*', '-1-x', 'W/"0-x"', ''])('refuses If-Match: %s', async (tag) => {
    for (const method of ['PUT', 'DELETE']) {
      const body = method === 'PUT' ? 'c' : undefined;
      expect(await send(method, `${STUDY}/mine`, body, { 'If-Match': tag })).toMatchObject({
        status: 400,
        text: expect.stringContaining('The \\"if-match\\" HTTP header should contain the ETag') as string,
      });
    }
  });

  it('is not sent to who knows it already', async () => {
    await send('PUT', `${STUDY}/mine`, 'b');
    const known = (tag: string): Promise<Answer> => send('GET', `${STUDY}/mine`, undefined, { 'If-None-Match': tag });
    expect(await known(tagOf(0, 'b'))).toEqual({ status: 304, text: '', etag: tagOf(0, 'b') });
    expect((await known(tagOf(0, 'b').replaceAll('"', ''))).status).toBe(304);
    for (const other of [tagOf(1, 'b'), tagOf(0, 'a'), '0-', '0-abc']) {
      expect(await known(other)).toMatchObject({ status: 200, text: 'b' });
    }
    for (const wrong of ['*', 'x-abc', '-3-abc', 'W/"0-b"']) expect((await known(wrong)).status).toBe(400);
  });

  it('is replaced by exactly one of many who know the same one', async () => {
    const path = `${STUDY}/mine`;
    await send('PUT', path, 'start');
    for (let round = 0; round < 3; round++) {
      const { etag } = await send('GET', path);
      const writers = [...'abcdefgh'].map((name) => send('PUT', path, `${name}${round}`, { 'If-Match': etag! }));
      const statuses = (await Promise.all(writers)).map(({ status }) => status);
      expect([...statuses].sort()).toEqual([200, ...Array<number>(7).fill(409)]);
      expect((await send('GET', path)).text).toBe(`${'abcdefgh'[statuses.indexOf(200)]}${round}`);
    }
    const { etag } = await send('GET', path);
    const deleters = await Promise.all([1, 2, 3].map(() => send('DELETE', path, undefined, { 'If-Match': etag! })));
    expect(deleters.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  });

  it('must be named by its revision where that is configured', async () => {
    const checked = await startReadingApp({ CheckRevisions: true });
    try {
      await checked.log.append([stored]);
      const to = (method: string, body?: string, headers = {}): Promise<Answer> =>
        send(method, `${STUDY}/1024`, body, headers, checked);
      expect((await to('DELETE')).text).toContain(String.raw`HTTP header \"If-Match\" is missing`);
      const firsts = await Promise.all([...'abc'].map((value) => to('PUT', value)));
      expect(firsts.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      const { etag, text } = await to('GET');
      expect((await to('PUT', 'z')).status).toBe(409);
      expect((await to('DELETE')).status).toBe(409);
      expect(await to('GET')).toEqual({ status: 200, text, etag });
      expect(await to('PUT', 'z', { 'If-Match': etag! })).toMatchObject({ status: 200, etag: tagOf(1, 'z') });
      expect((await to('DELETE', undefined, { 'If-Match': etag! })).status).toBe(409);
      expect((await to('DELETE', undefined, { 'If-Match': tagOf(1, 'z') })).status).toBe(200);
      expect((await to('DELETE', undefined, { 'If-Match': tagOf(1, 'z') })).status).toBe(404);
    } finally {
      await checked.close();
    }
  });

  it('is in /changes, and in the log with who did it, and touches nothing else', async () => {
    const before = (await reading.ask<{ Last: number }>('/changes?last')).json.Last;
    const resource = (await reading.ask(`/studies/${ids.study}`)).json;
    await send('PUT', `${STUDY}/mine`, 'a');
    await send('PUT', `${STUDY}/mine`, 'a');
    await send('DELETE', `${STUDY}/mine`);
    await send('DELETE', `${STUDY}/mine`);
    const { json } = await reading.ask<{ Changes: object[] }>(`/changes?since=${before}&type=UpdatedMetadata`);
    expect(json.Changes).toMatchObject(
      [1, 2, 3].map((n) => ({ ChangeType: 'UpdatedMetadata', Path: `/studies/${ids.study}`, Seq: before + n })),
    );
    expect((await reading.ask(`/studies/${ids.study}`)).json).toEqual(resource);
    const events = await reading.log.read({ partition: 0, offset: -1 }, 1000);
    expect(events.slice(-3)).toMatchObject([
      { type: 'annal.metadata.set.v1', actor: { protocol: 'http', remoteAddress: '127.0.0.1' } },
      { type: 'annal.metadata.set.v1', data: { level: 'Study', id: ids.study, metadata: 2000 } },
      { type: 'annal.metadata.deleted.v1', data: { level: 'Study', id: ids.study, metadata: 2000 } },
    ]);
  });

  it('is searched, ordered by, shown in lists, and shown anew after each change', async () => {
    const second = storedEvent({ patient: 'Q', study: '2', series: '2.1', instance: '2.1.1' });
    await reading.log.append([second]);
    const other = second.data.ids.study;
    await send('PUT', `${STUDY}/mine`, 'Hello World');
    await send('PUT', `${STUDY}/1024`, '9');
    await send('PUT', `/studies/${other}/metadata/1024`, '17');
    const find = async (query: object): Promise<unknown> =>
      (await reading.ask('/tools/find', { Level: 'Study', Query: {}, ...query })).json;
    expect(await find({ MetadataQuery: { mine: 'hello*' } })).toEqual([ids.study]);
    expect(await find({ MetadataQuery: { 2000: 'Hello World' } })).toEqual([ids.study]);
    expect(await find({ MetadataQuery: { mine: 'HELLO*' }, CaseSensitive: true })).toEqual([]);
    expect(await find({ MetadataQuery: { 1024: '9\\17' } })).toEqual([ids.study, other]);
    expect(await find({ MetadataQuery: { 1999: '9' } })).toEqual([]);
    expect(await find({ MetadataQuery: { nope: '9' } })).toMatchObject({ HttpStatus: 404 });
    const by = (Type: string): object => ({ OrderBy: [{ Type, Key: '1024', Direction: 'ASC' }] });
    expect(await find(by('Metadata'))).toEqual([other, ids.study]);
    expect(await find(by('MetadataAsInt'))).toEqual([ids.study, other]);
    // no number counts as 0
    await send('PUT', `/studies/${other}/metadata/1024`, 'x');
    for (const type of ['MetadataAsInt', 'MetadataAsFloat']) expect(await find(by(type))).toEqual([other, ids.study]);
    await send('PUT', `/studies/${other}/metadata/1024`, '17');
    const count = await reading.ask('/tools/count-resources', {
      Level: 'Study',
      Query: {},
      MetadataQuery: { mine: 'hello*' },
    });
    expect(count.json).toEqual({ Count: 1 });
    const shown = async (): Promise<unknown> =>
      (await reading.ask<{ Metadata: Record<string, string> }[]>('/studies?response-content=Metadata')).json[0]!
        .Metadata.mine;
    expect(await shown()).toBe('Hello World');
    await send('PUT', `${STUDY}/mine`, 'changed');
    expect(await shown()).toBe('changed');
    await reading.log.append([deletion(other)]);
  });

  it('goes with its resource, and does not come back with it', async () => {
    await send('PUT', `${STUDY}/mine`, 'a');
    await send('PUT', `${STUDY}/mine`, 'b');
    await reading.log.append([deletion(ids.study)]);
    expect((await send('GET', `${STUDY}/mine`)).text).toContain('"OrthancStatus" : 17');
    await reading.log.append([{ ...stored, id: '01a1fe8a-2319-72e0-b44d-7b638cd39b6d' }]);
    expect((await send('GET', `${STUDY}/mine`)).status).toBe(404);
    expect(await send('PUT', `${STUDY}/mine`, 'c')).toMatchObject({ etag: tagOf(0, 'c') });
  });
});

function deletion(id: string): EventEnvelope {
  const event = { type: 'annal.resource.deleted.v1', data: { level: 'Study', id } } as const;
  return envelope<ResourceDeleted>(event, `studies/${id}`, testContext());
}
