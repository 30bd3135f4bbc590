import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startChromium } from './testing/chromium.js';
import { MADE } from './testing/made-images.js';
import { type Setting, ViewedArchive } from './testing/viewed-archive.js';
import { ViewerWindow } from './testing/viewer-window.js';
import { ViewerFiles } from './viewer/viewer-files.js';

const ROOT = new URL('../../../../', import.meta.url).pathname;
const SAMPLES = join(ROOT, '../shared/samples');
const SCREENSHOTS = join(ROOT, 'tmp/viewer');

/** Images of scanners; what is made here stands in for them where they are not. */
const REAL: Readonly<Record<string, string>> = {
  'a CT series': 'Comunix/Ct',
  'an MR series': 'Brainix/Epi',
  'a colour image': 'TransferSyntaxes/1.2.840.10008.1.2.2.dcm',
  'a multi-frame image': 'Issue16.dcm',
  'a JPEG image': 'TransferSyntaxes/1.2.840.10008.1.2.4.50.dcm',
};
const haveReal = existsSync(SAMPLES);

function realFiles(kind: string): readonly Buffer[] {
  const path = join(SAMPLES, REAL[kind]!);
  const names = statSync(path).isDirectory() ? readdirSync(path).sort() : [''];
  return names.map((name) => readFileSync(join(path, name)));
}

const SETTINGS: readonly (readonly [string, Setting])[] = [
  ['dicom-json', { source: 'dicom-json' }],
  ['dicom-web', { source: 'dicom-web' }],
  ['dicom-json behind a proxy', { source: 'dicom-json', path: '/imaging/pacs' }],
  ['dicom-web behind a proxy', { source: 'dicom-web', path: '/imaging/pacs' }],
  ['dicom-json over HTTPS', { source: 'dicom-json', secure: true }],
  ['dicom-web over HTTPS', { source: 'dicom-web', secure: true }],
];

const browser: Browser | undefined = new ViewerFiles().areThere ? await startChromium() : undefined;
if (!browser) process.stderr.write('NOT RUN: the viewer in a browser, for there is no Chromium, or no viewer\n');
else process.stderr.write(`Screenshots of the viewer: ${SCREENSHOTS}\n`);
if (!haveReal) process.stderr.write('NOT RUN: the viewer with images of scanners\n');
afterAll(() => browser?.close());

(browser ? describe : describe.skip).each(SETTINGS)('the viewer in a browser, by %s', (name, setting) => {
  let archive: ViewedArchive;
  const made = setting.path !== undefined || setting.secure === true || !haveReal;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    archive = await ViewedArchive.start(setting);
  });
  afterAll(() => archive?.close());

  it.each(Object.keys(MADE))('shows %s, and scrolls', async (kind) => {
    const study = await archive.add(made ? await MADE[kind]!() : realFiles(kind));
    const window = await ViewerWindow.open(browser!, study.url);
    try {
      await window.clear();
      const first = await window.shown(study.pictures, study.aspect);
      if (study.pictures.length > 1) {
        await window.scroll(1);
        await window.shown(study.pictures, study.aspect, first);
      }
      expect(window.problems).toEqual([]);
    } finally {
      await window.page.screenshot({ path: join(SCREENSHOTS, `${name}, ${kind}.png`.replaceAll(' ', '-')) });
      await window.close();
    }
  });

  if (setting.source === 'dicom-web') {
    it('lists studies, and opens one', async () => {
      const study = await archive.add(await MADE['a CT series']!());
      const window = await ViewerWindow.open(browser!, `${archive.url}/ohif/`);
      try {
        await window.page.getByText('Made CT').first().dblclick({ timeout: 60_000 });
        await window.clear();
        await window.shown(study.pictures, study.aspect);
        expect(window.problems).toEqual([]);
      } finally {
        await window.page.screenshot({ path: join(SCREENSHOTS, `${name}-list.png`.replaceAll(' ', '-')) });
        await window.close();
      }
    });
  }
});
