import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { buildImage } from '../../../../../libs/dicom/src/testing/index.js';
import { ArchiveServer } from '../../../../../test/support/archive-server.js';
import { realOrthanc } from '../../../../../test/support/orthanc.js';
import { startChromium } from '../../ohif/testing/chromium.js';
import { ViewerWindow } from '../../ohif/testing/viewer-window.js';

const SCREENSHOTS = new URL('../../../../../tmp/dicomweb-client', import.meta.url).pathname;

/** A server that Annal is a client of. */
interface Other {
  readonly url: string;
  store(file: Buffer): Promise<unknown>;
  stop(): Promise<unknown>;
}

async function anotherAnnal(): Promise<Other> {
  const server = await ArchiveServer.start({ configuration: { Annal: { DicomWebDelete: true } } });
  const { url } = server;
  return { url, store: (file) => server.upload(file), stop: () => server.close() };
}

/** A study of a series of three images. */
class MadeStudy {
  readonly uid = `1.2.826.0.1.3680043.10.997.${randomInt(2 ** 40)}`;

  constructor(readonly patient: string) {}

  get files(): readonly Buffer[] {
    const place = { studyUid: this.uid, seriesUid: `${this.uid}.1`, sopClassUid: '1.2.840.10008.5.1.4.1.1.7' };
    return [1, 2, 3].map((number) =>
      buildImage({
        ...{ ...place, sopUid: `${this.uid}.1.${number}`, instanceNumber: number, seriesNumber: 7 },
        ...{ patientId: `ID-${this.uid}`, patientName: this.patient, studyDescription: '<b>Made</b>', modality: 'OT' },
        ...{ rows: 48, columns: 64, pixelBytes: Buffer.from(Uint8Array.from({ length: 48 * 64 }, (_, i) => i)) },
      }),
    );
  }
}

const browser: Browser | undefined = await startChromium();
if (!browser) process.stderr.write('NOT RUN: the page of the DICOMweb client in a browser, for there is no Chromium\n');
else mkdirSync(SCREENSHOTS, { recursive: true });
const orthanc = browser && (await realOrthanc('the page of the DICOMweb client with Orthanc as the other server'));
const another = browser && (await anotherAnnal());
afterAll(async () => {
  await browser?.close();
  await orthanc?.stop();
  await another?.stop();
});
const others = Object.entries({ Orthanc: orthanc, 'another Annal': another }).filter(([, other]) => other);

(browser ? describe : describe.skip)('the page of the DICOMweb client in a browser', () => {
  let annal: ArchiveServer;
  beforeAll(async () => {
    const servers = others.map(([name, other]): [string, object] => [
      name,
      { Url: `${other!.url}/dicom-web/`, HasDelete: true },
    ]);
    const Servers = {
      ...Object.fromEntries<unknown>(servers),
      Kept: [`${another!.url}/dicom-web/`],
      Gone: ['http://127.0.0.1:9/'],
    };
    annal = await ArchiveServer.start({ configuration: { DicomWeb: { Servers } } });
  });
  afterAll(() => annal?.close());

  const open = (): Promise<ViewerWindow> => ViewerWindow.open(browser!, `${annal.url}/dicom-web/app/client/index.html`);

  async function search({ page }: ViewerWindow, server: string, { uid }: MadeStudy): Promise<void> {
    await page.getByRole('combobox', { name: 'Server' }).selectOption(server);
    await page.getByLabel('Patient ID').fill(`ID-${uid}`);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText(`1 study on ${server}`).first().waitFor();
  }

  describe.each(others)('with %s as the other server', (name, other) => {
    const study = new MadeStudy('<i>Made</i>^Up');
    let window: ViewerWindow;
    beforeAll(async () => {
      for (const file of study.files) await other!.store(file);
      window = await open();
    });
    afterAll(async () => {
      await window.page.screenshot({ path: join(SCREENSHOTS, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
      await window.close();
    });
    const press = (label: RegExp): Promise<void> => window.page.getByRole('button', { name: label }).first().click();

    it('searches, shows what it is told as text, and a picture', async () => {
      const { page } = window;
      await search(window, name, study);
      await page.locator('#studies td', { hasText: study.patient }).waitFor();
      await press(/^Series: study/);
      await page.locator('#series caption', { hasText: '1 series' }).waitFor();
      await press(/^Instances: series 7/);
      await page.locator('#instances caption', { hasText: '3 instances' }).waitFor();
      for (const label of [/^Preview: instance 2/, /^Preview: series 7/]) {
        await press(label);
        const picture = page.locator('#preview img');
        await picture.waitFor();
        const size = await picture.evaluate((image) => {
          const { naturalWidth, naturalHeight } = image as unknown as { naturalWidth: number; naturalHeight: number };
          return [naturalWidth, naturalHeight];
        });
        expect(size).toEqual([64, 48]);
        await page.locator('#preview button').click();
      }
      await press(/^Tags: study/);
      await page.locator('#tags td', { hasText: study.uid }).first().waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('main b, main i').count()).toBe(0);
      expect(window.problems).toEqual([]);
    });

    it('retrieves what was found, and shows the job', async () => {
      await search(window, name, study);
      await press(/^Retrieve: study/);
      const { page } = window;
      const id = /Job (\S+) fetches/.exec(await page.locator('#status', { hasText: 'fetches' }).innerText())![1]!;
      const job = page.locator('#jobs tr', { hasText: id });
      await job.locator('td', { hasText: 'Success' }).waitFor();
      expect(await job.locator('td').nth(2).innerText()).toBe(name);
      const found = await annal.json<readonly object[]>(`/dicom-web/instances?StudyInstanceUID=${study.uid}`);
      expect(found).toHaveLength(3);
      expect(window.problems).toEqual([]);
    });

    it('sends what is here', async () => {
      const mine = new MadeStudy('Mine^Own');
      for (const file of mine.files) await annal.upload(file);
      const { page } = window;
      await page.getByRole('combobox', { name: 'Server' }).selectOption(name);
      await page.getByLabel('Patient name or ID').fill(`ID-${mine.uid}`);
      await press(/^List studies/);
      await page.locator('#local caption', { hasText: '1 study here' }).waitFor();
      await press(/^Send the study of Mine/);
      const id = /Job (\S+) sends/.exec(await page.locator('#status', { hasText: 'sends' }).innerText())![1]!;
      await page.locator('#jobs tr', { hasText: id }).locator('td', { hasText: 'Success' }).waitFor();
      await search(window, name, mine);
      expect(window.problems).toEqual([]);
    });
  });

  it('deletes where that is allowed, once that was confirmed', async () => {
    const [study, name] = [new MadeStudy('To^Go'), 'another Annal'];
    for (const file of study.files) await another!.store(file);
    const window = await open();
    const { page } = window;
    await search(window, 'Kept', study);
    expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
    await search(window, name, study);
    const press = (): Promise<void> => page.getByRole('button', { name: /^Delete: study/ }).click();
    await press();
    await page.getByRole('button', { name: 'Keep' }).click();
    await search(window, name, study);
    await press();
    await page.locator('#confirm button.danger').click();
    await page.locator('#status', { hasText: 'Deleted' }).waitFor();
    await page.getByText(`0 studies on ${name}`).first().waitFor();
    expect(window.problems).toEqual([]);
    await window.close();
  });

  it('shows what was asked for last, whatever is answered later', async () => {
    const [study, name] = [new MadeStudy('Last^Asked'), 'another Annal'];
    for (const file of study.files) await another!.store(file);
    const window = await open();
    const { page } = window;
    const late = '**/servers/Kept/qido';
    let answer: () => unknown = () => undefined;
    const asked = new Promise<void>((resolve) => {
      void page.route(late, (route) => {
        answer = () => route.continue();
        resolve();
      });
    });
    await page.getByRole('combobox', { name: 'Server' }).selectOption('Kept');
    await page.getByRole('button', { name: 'Search' }).click();
    await asked;
    await search(window, name, study);
    const answered = page.waitForResponse(late);
    await answer();
    await (await answered).finished();
    // what is done with it would be done by now
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    expect(await page.locator('#studies caption').innerText()).toBe(`1 study on ${name}`);
    expect(window.problems).toEqual([]);
    await window.close();
  });

  it('says what is wrong', async () => {
    const window = await open();
    const { page } = window;
    await page.getByRole('combobox', { name: 'Server' }).selectOption('Gone');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('#failure', { hasText: '127.0.0.1:9 cannot be reached' }).waitFor();
    await window.close();
  });
});
