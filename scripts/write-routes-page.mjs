/** Writes docs/routes.md from what the built server serves and what the specs name: npm run docs:conformance. */
import { writeFileSync } from 'node:fs';
import { openApiDocument } from '../dist/apps/api/src/cli/open-api-document.js';
import { PAGE, routesOfRepository } from './routes/repository.ts';
import { routesOf } from './routes/route.ts';
import { routesPage } from './routes/routes-page.ts';

const { text, faults } = routesPage(routesOfRepository(routesOf(await openApiDocument())));
writeFileSync(PAGE, text);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
