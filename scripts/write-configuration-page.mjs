/** Writes docs/configuration.md from the options of the built server: npm run docs:configuration. */
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../dist/libs/platform/src/config/documents/configuration-page.js';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationPage());
