import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';

describe('a study whose series was reconstructed', () => {
  let writing: WritingApp;
  beforeAll(async () => {
    writing = await startWritingApp();
  });
  afterAll(() => writing.close());

  const store = async (sopUid: string, modality: string): Promise<{ ID: string; ParentSeries: string }> => {
    const { json } = await writing.send('POST', '/instances', buildInstance({ sopUid, modality }) as never);
    return json as { ID: string; ParentSeries: string };
  };
  const modalities = async (query = ''): Promise<unknown> => {
    const [study] = (await writing.send('GET', `/dicom-web/studies${query}`)).json as Record<
      string,
      { Value: unknown }
    >[];
    return study?.['00080061']?.Value;
  };

  it('shows the modality that the series has now', async () => {
    const { ID, ParentSeries } = await store('1.1', 'CT');
    await store('1.2', 'MR');
    await writing.send('DELETE', `/instances/${ID}`);
    expect(await modalities()).toEqual(['CT']);
    const { status } = await writing.send(
      'POST',
      `/series/${ParentSeries}/reconstruct`,
      JSON.stringify({ LimitToThisLevelMainDicomTags: true }),
    );
    expect(status).toBe(200);
    expect(await modalities('?ModalitiesInStudy=MR')).toEqual(['MR']);
    expect(await modalities()).toEqual(['MR']);
  });
});
