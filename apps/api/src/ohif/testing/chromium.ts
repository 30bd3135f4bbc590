import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** Pictures are drawn by software; nothing is asked of other servers. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium at `ANNAL_TEST_CHROMIUM`, else the one of the system; undefined where there is none. */
export async function startChromium(): Promise<Browser | undefined> {
  const executablePath = process.env.ANNAL_TEST_CHROMIUM ?? installed();
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: FLAGS });
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
