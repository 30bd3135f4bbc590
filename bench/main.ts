/** `npm run bench`: measures Annal beside Orthanc. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contents } from './cases/contents.js';
import { deleteStudies } from './cases/delete.js';
import { dicomWeb } from './cases/dicomweb.js';
import { dicomWebClient } from './cases/dicomweb-client.js';
import { noteSearchGrowth, qido, type SearchLatencies, searchLatencies } from './cases/dicomweb-qido.js';
import { GrowingArchive, GROWING_AREA } from './cases/growing-archive.js';
import { ingest } from './cases/ingest.js';
import { largeFiles } from './cases/large-files.js';
import { peers } from './cases/peers.js';
import { queuedJobs } from './cases/queued-jobs.js';
import { read } from './cases/read.js';
import { rebuild } from './cases/rebuild.js';
import { type Costs, measureCosts, noteGrowth } from './cases/scale.js';
import { seedStudies } from './archive/seed.js';
import { LoadClient } from './load/load-client.js';
import { Bench } from './measure/bench.js';
import { touchFreeMemory } from './measure/touch-memory.js';
import { type Options, parseOptions, PARTS, USAGE } from './options.js';
import { type Plan, planFor } from './plan.js';
import { describeMachine, LoadWatch } from './report/machine.js';
import { markdownReport } from './report/markdown.js';
import { plainTable } from './report/table.js';
import { AnnalServer } from './servers/annal-server.js';
import { MemoryWatch } from './servers/memory.js';
import { openOrthanc } from './servers/orthanc-server.js';

const PAGE = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

const options = parseOptions(process.argv.slice(2));
if (options === 'help') console.log(USAGE);
else await run(options);

async function run({ quick, orthanc: url, peer: peerUrl, write, json, profiles, only }: Options): Promise<void> {
  const plan = planFor(quick);
  const parts = new Set<string>(only ?? PARTS);
  const load = new LoadWatch();
  const orthanc = await openOrthanc(url);
  if (!orthanc)
    console.error('No Orthanc is given (--orthanc URL) or on the PATH: Annal is measured alone, without ratios.');
  console.error('… writing to the memory that is free');
  touchFreeMemory();
  const client = new LoadClient();
  const annal = await AnnalServer.start(profiles);
  const memory = new MemoryWatch(annal.pid);
  try {
    const bench = new Bench(annal, orthanc, client, memory, {
      rounds: plan.rounds,
      say: (text) => console.error(`… ${text}`),
    });
    try {
      await runParts(bench, plan, parts);
      if (parts.has('peers')) await sendToPeer(bench, plan, peerUrl);
      if (parts.has('jobs')) await queuedJobs(bench, plan);
    } finally {
      // what was measured before something failed is of use too
      console.log(plainTable(bench.measurements));
    }
    const circumstances = {
      machine: describeMachine(),
      load: load.range(),
      annal: annal.version,
      orthanc: orthanc?.version,
      plan: quick ? 'a quick' : 'a full',
    };
    console.log(`\n${circumstances.machine}; load average ${circumstances.load}`);
    const figures = { ...circumstances, measurements: bench.measurements };
    if (json !== undefined) writeFileSync(json, JSON.stringify(figures, null, 1));
    if (write) writeFileSync(PAGE, markdownReport(bench.measurements, circumstances));
  } finally {
    memory.close();
    client.close();
    await annal.close();
    await orthanc?.close();
  }
}

async function sendToPeer(bench: Bench, plan: Plan, url: string | undefined): Promise<void> {
  const peer = await openOrthanc(url);
  try {
    await peers(bench, plan, peer);
  } finally {
    await peer?.close();
  }
}

async function runParts(bench: Bench, plan: Plan, parts: ReadonlySet<string>): Promise<void> {
  const archive = new GrowingArchive(bench);
  let small: Costs | undefined;
  let searches: SearchLatencies | undefined;
  if (parts.has('ingest')) await ingest(bench, plan);
  if (parts.has('delete')) await deleteStudies(bench, plan);
  if (parts.has('scale') || parts.has('dicomweb')) {
    await archive.grow(plan.smallArchive, [bench.annal]);
    if (parts.has('scale')) small = await measureCosts(bench, plan.smallArchive);
    if (parts.has('dicomweb')) searches = await searchLatencies(bench, plan.smallArchive);
  }
  for (const studies of parts.has('read') ? plan.comparedAt : []) {
    await archive.grow(studies);
    await read(bench, plan, studies);
  }
  if (parts.has('dicomweb')) {
    const studies = Math.max(plan.comparedAt[0]!, archive.size);
    await archive.grow(studies);
    await qido(bench, plan, studies);
  }
  if (small || searches) {
    bench.report(`seeding ${plan.largeArchive} studies`);
    await seedStudies(bench.annal.databaseDirectory, GROWING_AREA, archive.size, plan.largeArchive);
    archive.grown(plan.largeArchive);
    if (small) noteGrowth(bench, small, await measureCosts(bench, plan.largeArchive));
    if (searches) noteSearchGrowth(bench, searches, await searchLatencies(bench, plan.largeArchive), plan);
    bench.noteMemory(`reading at ${plan.largeArchive.toLocaleString('en')} studies`);
  }
  if (parts.has('rebuild')) await rebuild(bench);
  if (parts.has('large')) await largeFiles(bench, plan);
  if (parts.has('contents')) await contents(bench, plan);
  if (parts.has('dicomweb')) await dicomWeb(bench, plan);
  if (parts.has('client')) await dicomWebClient(bench, plan);
}
