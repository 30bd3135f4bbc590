import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const LEVEL = /\.(e2e|fault)\.spec\.ts$/;
/** How a suite gets a server, or an application on a log, whose log ANNAL_TEST_LOG chooses. */
const USES_A_LOG = /\b(ArchiveServer\.start|openTestLog|startReadingApp)\(/;
/** What these say is about PostgreSQL as the log: that its commit gets lost, that there is no room for it, or who reserved room. */
const OF_POSTGRES = /\/(writer-timeout|full-disk|abandoned-room\.long)\.fault\.spec\.ts$/;

/** What takes minutes, and says nothing of the log. */
const OF_NO_LOG = /\/large-study\.long\.e2e\.spec\.ts$/;

/** Of the faults, what is always tried on another log too; all others are when what takes long is asked for. */
const ALWAYS = /\/(kafka-[^/]*|kill-storm\.fault\.spec\.ts)$|\.e2e\.spec\.ts$/;
/** What takes half a minute or more each, and says little of the log or is rare: on Kafka only when what takes long is asked for. */
const SELDOM =
  /\/(kafka-(exchanged|message-size|restored-database|start|visibility)\.fault|(hostile-archives|upload-limits|whole-tags)\.e2e)\.spec\.ts$/;
/** What takes more than a minute each, whose parts are tested by themselves as well: only when what takes long is asked for. */
export const LONG = [
  '\\.long\\.',
  '/e2e/(erasure|large-upload|projector|s3|storage-limits)\\.e2e\\.',
  '/launcher/(cluster|poison|rebuild-past)\\.e2e\\.',
];

/**
 * The test files to run again with another log: those that say what a user or caller sees, whatever the log is.
 * @param {boolean} long whether that may take long
 */
export function suitesOnEveryLog(long) {
  return ['apps', 'test']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(ROOT, folder, name)))
    .filter(
      (path) =>
        LEVEL.test(path) &&
        !OF_POSTGRES.test(path) &&
        !OF_NO_LOG.test(path) &&
        (long || (ALWAYS.test(path) && !SELDOM.test(path))),
    )
    .filter((path) => USES_A_LOG.test(readFileSync(path, 'utf8')));
}
