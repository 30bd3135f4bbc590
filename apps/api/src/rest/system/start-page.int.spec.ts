import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const older = instanceWith({ patient: 'P', study: '1.5', series: '1.1', instance: '1.1.1' });
const newer = instanceWith({ patient: '<b>', study: '2.5', series: '2.1', instance: '2.1.1' });

describe.each([
  ['dicom-json', (id: string) => `../ohif/viewer?url=../studies/${id}/ohif-dicom-json`, false],
  ['dicom-web', (_id: string, uid: string) => `../ohif/viewer?StudyInstanceUIDs=${uid}`, true],
] as const)('the start page with the data source %s', (DataSource, link, hasList) => {
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp({ OHIF: { DataSource } });
  });
  afterAll(() => reading.close());

  const page = async (): Promise<string> => (await fetch(`${reading.app.url}/`)).text();

  it('leads to the viewer with each of the latest studies, the last one first', async () => {
    expect(await page()).not.toContain('viewer?');
    await reading.log.append([older, newer]);
    const html = await page();
    const links = [...html.matchAll(/href="(\.\.\/ohif\/viewer[^"]+)"/g)].map(([, href]) => href);
    expect(links).toEqual([link(newer.data.ids.study, '2.5'), link(older.data.ids.study, '1.5')]);
    expect(html).not.toContain('<b>');
  });

  it(hasList ? 'leads to the list of studies' : 'leads to no list of studies, for there is none', async () => {
    expect((await page()).includes('href="../ohif/"')).toBe(hasList);
  });
});
