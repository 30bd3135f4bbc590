import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import {
  DeleteResources,
  DeleteResourcesHandler,
  type EventContext,
  type EventEnvelope,
  type EventWriter,
  type ExportReport,
  type Job,
  type JobObject,
  RecordExport,
  RecordExportHandler,
  RecordExports,
  RecordExportsHandler,
  type ResourceLookup,
  type Sealer,
  SubmitJob,
  SubmitJobHandler,
} from '@annal/domain';
import type { StowOrder } from '../../dicomweb/client/stow/stow-order.js';
import { retrieveOrder } from '../../dicomweb/client/retrieve/retrieve-order.js';
import { Arrivals } from '../../exports/arrivals.js';
import type { ArchiveOrder } from '../../rest/archives/archive-order.js';
import type { PeerStoreOrder } from '../../rest/peers/peer-store-order.js';
import { RunRecorder } from '../run-recorder.js';

/** `Annal.Limits.MaxJobResources` where nobody set it. */
const MOST = 10_000;
/** `Annal.Limits.MaxTracedReads` likewise. */
const READS = 5000;
/** Of the largest archive that is made by default: as many as its files, and as its bytes, make steps of. */
const PARTS = 1_000_000 / 500 + (256 * 1024) / 128;
const CONTEXT: EventContext = {
  source: 'test',
  actor: { protocol: 'http', user: 'u'.repeat(64), remoteAddress: '2001:0db8:85a3:0000:0000:8a2e:0370:7334' },
  correlationId: randomUUID(),
  now: new Date(),
};

/** What is appended together, one batch after the other. */
export type Batches = readonly (readonly EventEnvelope[])[];

/** An Orthanc identifier. */
function orthancId(): string {
  return randomBytes(20).toString('hex').match(/.{8}/g)!.join('-');
}

/** A UID of 64 characters below the root of a scanner's maker: nothing but the root is in another one. */
function uid(): string {
  const root = '1.2.840.113619.2.';
  return root + randomInt(1, 10) + Array.from({ length: 63 - root.length }, () => randomInt(10)).join('');
}

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** Everything that is appended when as much is asked for as the limits allow, by what it is. */
export function largestEvents(sealer: Pick<Sealer, 'sealJob'>): Readonly<Record<string, () => Promise<Batches>>> {
  const ids = many(MOST, orthancId);
  const archive: ArchiveOrder = {
    filename: 'Archive.zip',
    extended: true,
    utf8: true,
    transcoding: { transferSyntax: '1.2.840.10008.1.2.4.50', lossyQuality: 90 },
    asOf: 1e9,
    series: MOST,
    instances: 1e6,
    size: 1e12,
    ids,
  };
  const run = randomUUID();
  const peer: PeerStoreOrder = { peer: 'p', run, shownPeer: ['u'], ids, compress: true, asOf: 1, instances: 1e6 };
  const stow: StowOrder = {
    server: 's',
    run,
    resources: { Studies: ids.slice(0, 1) },
    below: ids.slice(1),
    headers: {},
    asOf: 1,
    series: MOST,
    instances: MOST - 1,
  };
  const resources = many(MOST, () => ({ Study: uid(), Series: uid(), Instance: uid() }));
  const retrieve = retrieveOrder('server', { Resources: resources }, MOST);
  const parts = many(PARTS, () => ({ key: randomUUID(), data: 128 * 1024 * 1024, directory: 1024 * 1024 }));
  const made = { parts, entries: 1e6 };
  const ordered = (type: string, order: object) => (): Promise<Batches> =>
    gathered(async (writer) => {
      const request = { type, priority: 0, permissive: false, parameters: order as JobObject, content: {} };
      const lookup = { find: async () => undefined, hasUnended: async () => false };
      await new SubmitJobHandler(writer, lookup, sealer as Sealer).execute(new SubmitJob(request, 1, CONTEXT));
    });
  const stepped = (memory: JobObject, content: JobObject, outputs?: Job['outputs']) => (): Promise<Batches> =>
    gathered(async (writer) => {
      const job = { id: randomUUID(), epoch: 1, steps: 1 } as Job;
      const blobs = [randomUUID()];
      await new RunRecorder(writer, sealer, 'test').stepped(job, {
        memory,
        content,
        progress: 1,
        blobs,
        ...(outputs && { outputs }),
      });
    });
  return {
    'the order of an archive': ordered('Archive', archive),
    'a step of an archive': stepped({ ...made, place: { series: 1, instance: 1, count: 1 } }, {}),
    'the end of an archive': stepped({}, {}, { archive: { ...made, filename: 'Archive.zip' } }),
    'an order to send to a peer': ordered('OrthancPeerStore', peer),
    'an order to send by STOW-RS': ordered('DicomWebStowClient', stow),
    'an order to retrieve by WADO-RS': ordered('DicomWebWadoRetrieveClient', retrieve),
    'a step that retrieves': stepped({ next: 1, instances: 1e6, bytes: 1e12 }, { ReceivedInstances: ids }),
    'a step that sends to a peer': stepped(
      { arrived: new Arrivals(ids, { instances: 1e9, each: ids.map(() => 1e6) }).memory },
      { failed: 1e6, size: 1e12 },
    ),
    'an export that begins': () => gathered((writer) => exported(writer, ids)),
    'what has arrived of an export': () => gathered((writer) => arrived(writer, ids)),
    'what was read of the archive': () => gathered((writer) => read(writer, ids.slice(0, READS))),
    'a deletion of many': () => gathered((writer) => deleted(writer, ids)),
  };
}

async function gathered(work: (writer: EventWriter) => Promise<unknown>): Promise<Batches> {
  const batches: (readonly EventEnvelope[])[] = [];
  await work({
    submit: async (events) => {
      batches.push(events);
      return { positions: [], outcomes: events.map(() => null) };
    },
  });
  return batches;
}

/** Instances, none of which is in the series of another one. */
const LOOKUP: Pick<ResourceLookup, 'levelsOf' | 'linesOf'> = {
  levelsOf: async (ids) => new Map(ids.map((id) => [id, 'Instance'])),
  linesOf: async (ids) =>
    new Map(
      ids.map((id) => [
        id,
        { level: 'Instance', id, patient: orthancId(), study: orthancId(), series: orthancId() } as const,
      ]),
    ),
};

function report(resources: readonly string[]): ExportReport {
  const destination = { kind: 'dicomweb', name: 'n'.repeat(64), address: `https://host/${'a'.repeat(200)}` } as const;
  const asked = new Map(resources.map((id) => [id, 1e6]));
  return { id: randomUUID(), protocol: 'stow-rs', destination, resources, asked, outcome: 'pending' };
}

function exported(writer: EventWriter, ids: readonly string[]): Promise<void> {
  const handler = new RecordExportHandler(writer, { findExport: async () => undefined }, LOOKUP as ResourceLookup);
  return handler.execute(new RecordExport(report(ids), CONTEXT));
}

function arrived(writer: EventWriter, ids: readonly string[]): Promise<void> {
  const handler = new RecordExportHandler(writer, { findExport: async () => undefined }, LOOKUP as ResourceLookup);
  const there = ids.map((id) => ({ id, instances: 1e6 }));
  return handler.execute(new RecordExport({ ...report([]), instances: 1e9, arrived: there }, CONTEXT));
}

function read(writer: EventWriter, ids: readonly string[]): Promise<void> {
  const handler = new RecordExportsHandler(writer, LOOKUP as ResourceLookup);
  return handler.execute(new RecordExports([{ report: report(ids), context: CONTEXT }]));
}

function deleted(writer: EventWriter, ids: readonly string[]): Promise<unknown> {
  const handler = new DeleteResourcesHandler(writer, LOOKUP as ResourceLookup);
  const resources = ids.map((id) => ({ id }));
  return handler.execute(new DeleteResources(resources, CONTEXT));
}
