import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In a page what the page says, in a worker the folder of its script: wherever the viewer is served from. */
const WHEREVER = 'typeof document === "object" ? window.PUBLIC_URL : new URL("./", self.location.href).href';

/** What says in files that they are served at `/`, what shall stand there instead, and how many files have it. */
const CHANGES = [
  { suffix: '.js', from: '__webpack_require__.p = "/";', to: `__webpack_require__.p = ${WHEREVER};`, files: 8 },
  { suffix: '.css', from: 'url(/', to: 'url(', files: 1 },
  { suffix: 'manifest.json', from: '"/assets/', to: '"assets/', files: 1 },
];

/**
 * Makes the viewer's files, which are built for `/`, load others from below any path. Its page is no part of this: what
 * stands there depends on the configuration.
 * @param folder with what was built
 * @throws when it is not as expected
 */
export function relocate(folder) {
  for (const { suffix, from, to, files } of CHANGES) {
    let changed = 0;
    for (const name of readdirSync(folder).filter((one) => one.endsWith(suffix))) {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) continue;
      writeFileSync(path, text.replaceAll(from, to));
      changed += 1;
    }
    if (changed !== files) throw new Error(`the viewer has ${changed} files with ${from}, not ${files}`);
  }
}
