import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

type Resource = Record<string, unknown> & { readonly ID: string };

/** More studies, series and instances than are read at once. */
const INSTANCES = Array.from({ length: 230 }, (_, i) =>
  instanceWith({ patient: 'P', study: `2.${i % 120}`, series: `2.${i % 120}.1`, instance: `2.${i % 120}.1.${i}` }),
);

describe('long lists', () => {
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp();
  });
  afterAll(() => reading.close());

  it('show each resource as it is now, also when some have changed since the last list', async () => {
    const query = 'expand&response-content=Children;MainDicomTags;Parent';
    for (const events of [INSTANCES.slice(0, 120), INSTANCES.slice(120)]) {
      await Promise.all(events.map((event) => reading.log.submit([event])));
      for (const level of ['studies', 'series', 'instances']) {
        const { json } = await reading.ask<Resource[]>(`/${level}?${query}`);
        expect(json.length).toBeGreaterThan(100);
        for (const { ID, ...shown } of [json[0]!, json[57]!, json[101]!, json.at(-1)!]) {
          expect((await reading.ask(`/${level}/${ID}`)).json).toMatchObject(shown);
        }
        expect((await reading.ask<Resource[]>(`/${level}?${query}&since=99&limit=3`)).json).toEqual(
          json.slice(99, 102),
        );
        expect((await reading.ask<Resource[]>(`/${level}?${query}&since=99&limit=11`)).json).toEqual(
          json.slice(99, 110),
        );
      }
    }
  });
});
