import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { buildImage, buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../../test/support/processes.js';
import { stowBody, stowType } from '../../dicomweb/testing/stow-body.js';
import { JobAnswers } from '../../jobs/job-answers.service.js';
import { JobTypes } from '../../jobs/job-types.js';
import { type Answer, startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';
import { AnswerCheck } from './testing/answer-check.js';
import { type Operation, operationsOf } from './testing/operations.js';

/** A request: the route as it is described, the values of its path where they are others than usual, what is sent. */
type Step = readonly [
  route: string,
  values?: Readonly<Record<string, string>>,
  body?: string | Buffer,
  headers?: Record<string, string>,
];

const LEVELS = ['patients', 'studies', 'series', 'instances'];

/** What never succeeds, and what would end the server. */
const NOT_ASKED = [
  'GET /dicom-web/studies/{study}/series/{series}/instances/{instance}/frames',
  'POST /tools/execute-script',
  'POST /tools/reset',
  'POST /tools/shutdown',
];

const UIDS = { study: '1.2.3.1', series: '1.2.3.1.1', instance: '1.2.3.1.1.1' };
const PDF = Buffer.from('%PDF-1.4 not much of it ');

/** What stands for the required parameters of queries. */
const REQUIRED: Readonly<Record<string, (ids: Record<string, string>) => string>> = {
  resources: ({ studies }) => studies!,
  requestType: () => 'WADO',
  objectUID: () => UIDS.instance,
  level: () => 'study',
};

/** Queries beside the flags that the description has; they show what is not shown without. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'GET /patients': [
    'expand&requestedTags=PatientSex;ModalitiesInStudy',
    'response-content=Metadata;Attachments;Labels',
  ],
  'GET /studies': ['response-content=Children;Parent;IsStable', 'expand&full', 'expand&short', 'since=0&limit=1'],
  'GET /series': ['response-content=MainDicomTags;Status', 'expand'],
  'GET /instances': ['response-content=Metadata;Attachments', 'expand', 'expand&full&requestedTags=SOPClassUID'],
  'GET /studies/{id}': ['requestedTags=PatientName;PatientID;NumberOfStudyRelatedInstances&full'],
  'GET /studies/{id}/instances': ['expand=false', 'short'],
  'GET /changes': ['limit=2', 'limit=0', 'type=NewStudy;StableSeries'],
  'GET /exports': ['limit=1', 'since=100'],
  'GET /exports/report': ['format=csv'],
  'GET /jobs': ['expand'],
  'GET /events': ['limit=3', 'type=annal.instance.stored.v1'],
  'GET /patients/{id}/metadata': ['expand&numeric'],
  'GET /instances/{id}/metadata': ['expand&numeric'],
  'GET /dicom-web/studies': ['includefield=all'],
  'GET /dicom-web/instances': ['includefield=all', 'limit=1'],
  'GET /instances/{id}/rendered': ['smooth=1&width=2', 'window-center=1&window-width=2'],
  'GET /wado': ['contentType=application/dicom', 'contentType=image/png'],
};

/** `Accept` headers that change the form of the answer. */
const ACCEPTED: readonly (readonly [path: RegExp, type: string])[] = [
  [/^\/instances\/\{id\}\/file$/, 'application/dicom+json'],
  [/^\/instances\/\{id\}\/file$/, 'application/dicom+xml'],
  [/^\/instances\/\{id\}\/(preview|rendered)$/, 'image/jpeg'],
  [/^\/dicom-web$/, 'application/json'],
  [/^\/dicom-web\/(studies|.*metadata)$/, 'multipart/related; type="application/dicom+xml"'],
  [/^\/dicom-web\/studies\/\{study\}$/, 'application/zip'],
  [/^\/dicom-web\/.*instances\/\{instance\}$/, 'application/dicom'],
  [/^\/dicom-web\/.*\/(frames\/\{frames\}|bulk\/\{path\})$/, 'application/octet-stream'],
  [/^\/dicom-web\/.*\/rendered$/, 'multipart/related; type="image/png"'],
];

/** An image with something of everything in it. */
const image = (number: number): Buffer =>
  buildImage({
    rows: 4,
    columns: 4,
    pixelBytes: Buffer.alloc(16, number),
    seriesUid: UIDS.series,
    sopUid: `1.2.3.1.1.${number}`,
    instanceNumber: number,
    patientName: 'Doe^Jane',
    extra: [
      [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.3']]]],
      [0x00090010, 'LO', 'CREATOR'],
      [0x00091001, 'LO', 'private'],
      [0x00091002, 'OB', Buffer.alloc(2000, 1)],
      [0x00104000, 'LT', 'x'.repeat(1000)],
      [0x00180050, 'DS', '1.5'],
      [0x00200032, 'DS', `0\\0\\${number}`],
      [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
    ],
  });

const pdfInstance = buildInstance({
  sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
  patientId: 'P2',
  studyUid: '1.9',
  seriesUid: '1.9.1',
  sopUid: '1.9.1.1',
  extra: [
    [0x00420011, 'OB', PDF],
    [0x00420012, 'LO', 'application/pdf'],
  ],
});

describe('answers beside the description', () => {
  let writing: WritingApp;
  let folder: string;
  let check: AnswerCheck;
  let operations: readonly Operation[];
  /** Identifiers by the collection of their level. */
  let ids: Record<string, string>;
  let pdf: string;
  let job: string;
  const asked = new Set<string>();

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'annal-described-')));
    writing = await startWritingApp({
      RestApiWriteToFileSystemEnabled: true,
      LogExportedResources: true,
      ConcurrentJobs: 1,
      JobsHistorySize: 100,
      MediaArchiveSize: 100,
      StorageDirectory: join(folder, 'storage'),
      Annal: { DicomWebDelete: true },
    });
    const described = (await writing.send('GET', '/swagger.json')).json as OpenAPIObject;
    check = new AnswerCheck(described);
    operations = operationsOf(described);
  });
  afterAll(async () => {
    await writing.close();
    await rm(folder, { recursive: true });
  });

  /** Sends a request. @returns what is wrong with the answer, or nothing */
  async function faultOf([route, values = {}, body, headers = {}]: Step, query = ''): Promise<readonly unknown[]> {
    asked.add(route);
    const operation = operations.find((each) => each.route === route)!;
    const path = filled(operation, values) + queryOf(operation, query);
    const answer = await writing.send(operation.method, path, body as string, headers);
    const fault = check.fault(operation, answer);
    return fault === undefined ? [] : [{ request: `${operation.method} ${path}`, headers, fault }];
  }

  /** Asks for a status by a header. @returns what is wrong with the answer, or nothing */
  async function faultOfStatus(route: string, status: number): Promise<readonly unknown[]> {
    const operation = operations.find((each) => each.route === route)!;
    // the viewer may not be installed
    if (!(status in operation.responses) || route === 'GET /ohif/{path}') return [];
    const query = route === 'GET /wado' ? 'contentType=application/dicom' : '';
    const path = filled(operation, others(route)) + queryOf(operation, query);
    const { headers } = await writing.send('GET', path);
    const asking: Record<string, string> =
      status === 206 ? { Range: 'bytes=0-3' } : { 'If-None-Match': headers.get('etag') ?? '' };
    const answer = await writing.send('GET', path, undefined, asking);
    const fault = answer.status === status ? check.fault(operation, answer) : answer.status;
    return fault === undefined ? [] : [{ request: `GET ${path}`, asking, fault }];
  }

  async function faultsOf(steps: readonly Step[]): Promise<readonly unknown[]> {
    const faults: unknown[] = [];
    for (const step of steps) faults.push(...(await faultOf(step)));
    return faults;
  }

  function filled({ path }: Operation, values: Readonly<Record<string, string>>): string {
    const collection = path.split('/')[1]!;
    const usual: Record<string, string> = {
      ...UIDS,
      ...(path.startsWith('/jobs/') ? { id: job, key: 'archive' } : { id: ids?.[collection] ?? 'self' }),
      name: path.startsWith('/dicom-web/') ? 'self' : '1024',
      label: 'seen',
      frame: '0',
      frames: '1',
      file: path.startsWith('/swagger/') ? 'swagger-ui.css' : 'index.html',
      path: '0010-0010',
    };
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? usual[name]!);
  }

  function queryOf({ parameters }: Operation, query: string): string {
    const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
    const parts = required.map(({ name }) => `${name}=${encodeURIComponent(REQUIRED[name]!(ids))}`);
    if (query !== '') parts.push(query);
    return parts.length > 0 ? `?${parts.join('&')}` : '';
  }

  it('are as it says where something is stored, labelled and configured', async () => {
    const self = JSON.stringify({ Url: `${writing.app.url}/`, Username: 'u', Password: 'p', HttpHeaders: { A: 'b' } });
    const services = JSON.stringify({ Url: `${writing.app.url}/dicom-web/`, HasDelete: true });
    const uploads: Answer[] = [];
    for (const file of [image(1), image(2), pdfInstance]) uploads.push(await writing.send('POST', '/instances', file));
    const [first, , third] = uploads.map(({ json }) => json as Record<string, string>);
    pdf = third!.ID!;
    ids = {
      patients: first!.ParentPatient!,
      studies: first!.ParentStudy!,
      series: first!.ParentSeries!,
      instances: first!.ID!,
      plugins: 'dicom-web',
    };
    const find = (level: string, more: object = {}): Step => [
      'POST /tools/find',
      {},
      JSON.stringify({ Level: level, Query: {}, ...more }),
    ];
    const submitted = await writing.send(
      'POST',
      `/studies/${ids.studies}/archive`,
      JSON.stringify({ Asynchronous: true, UserData: { any: 1 } }),
    );
    job = (submitted.json as { readonly ID: string }).ID;
    const faults = await faultsOf([
      ['POST /instances', {}, image(1)],
      ...LEVELS.flatMap((level): Step[] => [
        [`PUT /${level}/{id}/labels/{label}`],
        [`PUT /${level}/{id}/metadata/{name}`, {}, 'a value'],
        [`PUT /${level}/{id}/attachments/{name}`, {}, 'some bytes'],
        [`POST /${level}/{id}/attachments/{name}/compress`],
        [`POST /${level}/{id}/attachments/{name}/verify-md5`],
        [`POST /${level}/{id}/attachments/{name}/uncompress`],
        [`POST /${level}/{id}/reconstruct`, {}, '{}'],
      ]),
      ...LEVELS.slice(0, 3).flatMap((level): Step[] =>
        ['archive', 'media'].flatMap((kind): Step[] => [
          [`POST /${level}/{id}/${kind}`, {}, '{}'],
          [`POST /${level}/{id}/${kind}`, {}, '{"Asynchronous":true}'],
        ]),
      ),
      ...['archive', 'media', 'media-extended'].map((kind): Step => [
        `POST /tools/create-${kind}`,
        {},
        JSON.stringify([ids.series]),
      ]),
      ['PUT /peers/{id}', {}, self],
      ['PUT /dicom-web/servers/{name}', {}, services],
      ['POST /peers/{id}/store', {}, ids.instances],
      ['POST /peers/{id}/store', {}, JSON.stringify({ Resources: [ids.studies], Asynchronous: true })],
      ['POST /peers/{id}/store-straight', {}, image(2)],
      ['POST /dicom-web/servers/{name}/get', {}, '{"Uri":"studies"}'],
      ['POST /dicom-web/servers/{name}/qido', {}, '{"Uri":"instances"}'],
      ['POST /dicom-web/servers/{name}/stow', {}, JSON.stringify({ Resources: [ids.instances] })],
      ['POST /dicom-web/servers/{name}/retrieve', {}, JSON.stringify({ Resources: [{ Study: UIDS.study }] })],
      ['POST /dicom-web/servers/{name}/wado', {}, JSON.stringify({ Uri: `studies/${UIDS.study}` })],
      ['POST /dicom-web/studies', {}, stowBody([image(3)]), { 'Content-Type': stowType() }],
      [
        'POST /dicom-web/studies/{study}',
        {},
        stowBody([image(3)]),
        { 'Content-Type': stowType(), Accept: 'application/dicom+xml' },
      ],
      ['POST /studies/{id}/update-dicomweb-cache'],
      ['POST /instances/{id}/export', {}, join(folder, 'exported.dcm')],
      ['PUT /patients/{id}/protected', {}, '1'],
      ['POST /tools/reconstruct', {}, '{}'],
      ['POST /tools/invalidate-tags'],
      ...['Patient', 'Study', 'Series', 'Instance'].flatMap((level) => [
        find(level),
        find(level, { Expand: true, RequestedTags: ['PatientName'] }),
        find(level, { ResponseContent: ['Metadata', 'Attachments', 'Children', 'Parent', 'Status', 'Labels'] }),
      ]),
      ['POST /tools/count-resources', {}, '{"Level":"Study","Query":{}}'],
      ['POST /tools/lookup', {}, UIDS.series],
      ['POST /tools/bulk-content', {}, JSON.stringify({ Resources: LEVELS.map((level) => ids[level]) })],
      ['POST /tools/bulk-content', {}, JSON.stringify({ Resources: [ids.studies], Level: 'Instance', Full: true })],
      ['PUT /tools/accepted-transfer-syntaxes', {}, '*'],
      ['PUT /tools/unknown-sop-class-accepted', {}, '1'],
      ['PUT /tools/default-encoding', {}, 'Latin1'],
      ['PUT /tools/metrics', {}, '1'],
      ...operations
        .filter(({ route }) => route.startsWith('PUT /tools/log-level'))
        .map(({ route }): Step => [route, {}, 'default']),
    ]);
    expect(faults).toEqual([]);
    await until(async () => /"(Success|Failure)"/.test((await writing.send('GET', `/jobs/${job}`)).text));
  });

  it('are as it says wherever something is read, in all forms', async () => {
    const faults: unknown[] = [];
    const reads = operations.filter(({ method, route }) => /GET|OPTIONS/.test(method) && !NOT_ASKED.includes(route));
    for (const { route, path, parameters } of reads) {
      const flags = parameters.filter((parameter) => parameter.in === 'query' && parameter.schema.type === 'boolean');
      const queries = ['', ...flags.map(({ name }) => name), ...(QUERIES[route] ?? [])];
      for (const query of queries) faults.push(...(await faultOf([route, others(route)], query)));
      for (const [, Accept] of ACCEPTED.filter(([each]) => each.test(path))) {
        faults.push(...(await faultOf([route, others(route), undefined, { Accept }])));
      }
      for (const status of [206, 304]) faults.push(...(await faultOfStatus(route, status)));
    }
    faults.push(...(await faultOf(['GET /instances/{id}/preview', { id: pdf }], 'returnUnsupportedImage')));
    faults.push(
      ...(await faultsOf([
        ['GET /instances/{id}/content/{path}', { path: '0008-1140' }],
        ['GET /instances/{id}/attachments/{name}/data', { name: 'dicom' }],
        ['GET /instances/{id}/metadata/{name}', { name: 'ReceptionDate' }],
        ['GET /swagger/{file}', { file: 'swagger-ui-bundle.js' }],
      ])),
    );
    expect(faults).toEqual([]);
  });

  /** Where the usual values of a path mean nothing. */
  function others(route: string): Readonly<Record<string, string>> {
    if (route === 'GET /instances/{id}/pdf') return { id: pdf };
    if (/\/bulk\/\{path\}$/.test(route)) return { path: '00091002' };
    return {};
  }

  it('are as it says where jobs are controlled', async () => {
    const blocked = Promise.withResolvers<void>();
    writing.get(JobTypes).register({
      name: 'Blocking',
      step: async () => {
        await blocked.promise;
        return { memory: null, content: {}, progress: 1, outputs: {} };
      },
    });
    const fields = { priority: 100, permissive: false, synchronous: false };
    const request = { headers: {}, raw: { socket: {} } } as never;
    await writing.get(JobAnswers).submit({ type: 'Blocking', parameters: {}, content: {} }, fields, request);
    // it waits behind that one
    const order = JSON.stringify({ Resources: [ids.instances], Asynchronous: true });
    const waiting = await writing.send('POST', '/peers/self/store', order);
    const { ID: id } = waiting.json as { readonly ID: string };
    const controls = ['pause', 'resume', 'cancel', 'resubmit'];
    const faults = await faultsOf(
      controls.flatMap((control): Step[] => [
        [`POST /jobs/{id}/${control}`, { id }],
        ['GET /jobs/{id}', { id }],
      ]),
    );
    blocked.resolve();
    expect(faults).toEqual([]);
  });

  it('are as it says where something is deleted', async () => {
    const faults = await faultsOf([
      ...LEVELS.flatMap((level): Step[] => [
        [`DELETE /${level}/{id}/labels/{label}`],
        [`DELETE /${level}/{id}/metadata/{name}`],
        [`DELETE /${level}/{id}/attachments/{name}`],
      ]),
      ['DELETE /jobs/{id}/{key}'],
      ['DELETE /jobs/{id}'],
      ['DELETE /instances/{id}'],
      ['DELETE /series/{id}'],
      ['POST /instances', {}, image(1)],
      ['DELETE /studies/{id}'],
      ['POST /instances', {}, image(1)],
      ['DELETE /patients/{id}'],
      ['POST /tools/bulk-delete', {}, JSON.stringify({ Resources: [pdf] })],
      ...(['/instances/{instance}', '', undefined] as const).flatMap((below): Step[] => [
        ['POST /instances', {}, image(1)],
        [`DELETE /dicom-web/studies/{study}${below === undefined ? '' : `/series/{series}${below}`}`],
      ]),
      ['POST /instances', {}, image(1)],
      ['POST /dicom-web/servers/{name}/delete', {}, JSON.stringify({ Level: 'Study', StudyInstanceUID: UIDS.study })],
      ['DELETE /changes'],
      ['DELETE /exports'],
      ['DELETE /peers/{id}'],
      ['DELETE /dicom-web/servers/{name}'],
    ]);
    expect(faults).toEqual([]);
  });

  it.each([
    ['GET', '/patients/none/studies'],
    ['GET', '/patients?limit=1'],
    ['POST', '/tools/find'],
    ['GET', '/instances/none/tags'],
  ])('are errors as it says for %s %s', async (method, path) => {
    const answer = await writing.send(method, path, method === 'POST' ? '{' : undefined);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(check.errorFault(answer)).toBeUndefined();
  });

  it('are compared for every route', () => {
    const never = operations.map(({ route }) => route).filter((route) => !asked.has(route));
    expect(never.sort()).toEqual(NOT_ASKED);
  });
});
