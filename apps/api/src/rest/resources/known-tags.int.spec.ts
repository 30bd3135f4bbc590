import { HeaderReader } from '@annal/projections';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { type Answer, startWritingApp, type WritingApp } from '../testing/writing-app.js';

describe('the tags of an instance, kept', () => {
  let writing: WritingApp;
  let id: string;
  let read = 0;
  const instance = (description: string): Buffer => buildInstance({ extra: [[0x00081030, 'LO', description]] });
  const store = async (description: string): Promise<void> => {
    id = ((await writing.send('POST', '/instances', instance(description) as never)).json as { ID: string }).ID;
  };
  const ask = (path: string, headers = {}): Promise<Answer> =>
    writing.send('GET', `/instances/${id}/${path}`, undefined, headers);

  beforeAll(async () => {
    writing = await startWritingApp({ OverwriteInstances: true });
    const headers = writing.get(HeaderReader);
    const one = headers.one.bind(headers);
    headers.one = (key) => {
      read++;
      return one(key);
    };
  });
  afterAll(() => writing.close());

  it('are made once in each form, and are never those of another version', async () => {
    await store('first');
    for (const path of ['simplified-tags', 'tags', 'tags?short', 'tags?simplify']) {
      expect((await ask(path)).text).toBe((await ask(path)).text);
    }
    expect(read).toBe(3);
    expect((await ask('simplified-tags')).json).toMatchObject({ StudyDescription: 'first' });
    expect((await ask('tags?short')).json).toMatchObject({ '0008,1030': 'first' });
    expect((await ask('tags')).json).toMatchObject({ '0008,1030': { Name: 'StudyDescription', Value: 'first' } });
    const xml = await ask('simplified-tags', { Accept: 'application/xml' });
    expect(xml.text).toContain('<StudyDescription>first</StudyDescription>');
    // asked for in full, they are read from the file
    expect((await ask('simplified-tags?ignore-length=StudyDescription')).json).toMatchObject({
      StudyDescription: 'first',
    });
    await store('second');
    expect((await ask('simplified-tags')).json).toMatchObject({ StudyDescription: 'second' });
    await writing.send('POST', `/instances/${id}/reconstruct`, '{}');
    expect((await ask('simplified-tags')).json).toMatchObject({ StudyDescription: 'second' });
    await writing.send('DELETE', `/instances/${id}`);
    for (const path of ['simplified-tags', 'tags', 'tags?short']) expect((await ask(path)).status).toBe(404);
    await store('third');
    expect((await ask('simplified-tags')).json).toMatchObject({ StudyDescription: 'third' });
  });
});
