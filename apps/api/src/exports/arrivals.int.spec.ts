import { buildInstance } from '../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../test/support/processes.js';
import { FakeServer } from '../dicomweb/client/testing/fake-server.js';
import { type PeerServer, startPeerServer } from '../rest/peers/testing/peer-server.js';
import { startWritingApp, type WritingApp } from '../rest/testing/writing-app.js';

type Row = Readonly<Record<string, unknown>>;

const REFERENCED_SOP_INSTANCE_UID = '00081155';

describe('the report of what was sent', () => {
  let annal: WritingApp;
  let peer: PeerServer;
  let other: FakeServer;
  /** By the patient's name: his study, of which there are so many instances. */
  const studies: Record<string, string> = {};
  const COUNTS = { A: 2, B: 3 };

  beforeAll(async () => {
    [peer, other] = [await startPeerServer(), await FakeServer.start()];
    annal = await startWritingApp({
      OrthancPeers: { p: [peer.url] },
      DicomWeb: { Servers: { w: [`${other.url}/dicom-web/`] } },
      // so that it is known what arrived before what failed
      Annal: { PeerStoreRequests: 1 },
    });
    for (const [patientId, count] of Object.entries(COUNTS)) {
      for (let number = 1; number <= count; number++) {
        const uids = { studyUid: `1.${patientId.charCodeAt(0)}`, sopUid: `1.${patientId.charCodeAt(0)}.2.${number}` };
        const { json } = await annal.send('POST', '/instances', buildInstance({ patientId, ...uids }));
        studies[patientId] = (json as Record<string, string>).ParentStudy!;
      }
    }
  });
  afterEach(() => {
    peer.misbehave.length = 0;
    peer.behaviour = undefined;
  });
  afterAll(async () => {
    await annal.close();
    await Promise.all([peer.close(), other.close()]);
  });

  const report = async (query = ''): Promise<readonly Row[]> =>
    ((await annal.send('GET', `/exports/report?${query}`)).json as { Exports: Row[] }).Exports;
  const sent = async (path: string, body: object): Promise<readonly Row[]> => {
    const before = (await report()).length;
    await annal.send('POST', path, JSON.stringify(body));
    let rows: readonly Row[] = [];
    await until(async () => {
      rows = (await report()).slice(before);
      return rows.every(({ ExportOutcome }) => ExportOutcome !== 'pending');
    });
    return rows;
  };
  const both = (): readonly string[] => [studies.A!, studies.B!];
  const summary = (rows: readonly Row[]): readonly (readonly unknown[])[] =>
    rows.map((row) => [row.PatientID, row.Outcome, row.InstancesCount, row.FailedInstancesCount]);
  /** The patient whose instances are sent first, by the order of identifiers, and the other one. */
  const inOrder = async (): Promise<readonly (keyof typeof COUNTS)[]> => {
    const { json } = await annal.send('GET', '/patients?expand');
    const patients = json as { ID: string; MainDicomTags: { PatientID: keyof typeof COUNTS } }[];
    return patients.sort((a, b) => (a.ID < b.ID ? -1 : 1)).map(({ MainDicomTags }) => MainDicomTags.PatientID);
  };
  const refuse = (_: unknown, response: { statusCode: number; end(): unknown }): void => {
    response.statusCode = 500;
    response.end();
  };
  const sorted = (rows: readonly (readonly unknown[])[]): readonly unknown[] =>
    [...rows].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));

  it('counts of each resource what is of it', async () => {
    const rows = await sent('/peers/p/store', both());
    expect(summary(rows)).toEqual([
      ['A', 'success', 2, 0],
      ['B', 'success', 3, 0],
    ]);
  });

  it('tells what failed from what arrived, where the job went on', async () => {
    peer.misbehave.push(refuse);
    const [first, second] = await inOrder();
    const rows = await sent('/peers/p/store', { Resources: both(), Permissive: true });
    expect(rows.map(({ ExportOutcome }) => ExportOutcome)).toEqual(['partial', 'partial']);
    expect(sorted(summary(rows))).toEqual(
      sorted([
        [first, 'partial', COUNTS[first!] - 1, 1],
        [second, 'success', COUNTS[second!], 0],
      ]),
    );
    expect((await report('outcome=success')).map(({ Export }) => Export)).toContain(rows[0]!.Export);
  });

  it('says what had arrived where the job failed part-way', async () => {
    const [first, second] = await inOrder();
    let count = 0;
    peer.behaviour = (request, response) => {
      count += 1;
      if (count > COUNTS[first!] + 1) return refuse(request, response);
      request.resume();
      request.on('end', () => void response.end('{"Status":"Success"}'));
    };
    const rows = await sent('/peers/p/store', both());
    expect(rows.map(({ ExportOutcome }) => ExportOutcome)).toEqual(['partial', 'partial']);
    expect(sorted(summary(rows))).toEqual(
      sorted([
        [first, 'success', COUNTS[first!], 0],
        [second, 'partial', 1, COUNTS[second!] - 1],
      ]),
    );
    const failed = rows.find(({ Outcome }) => Outcome !== 'success');
    expect(failed).toMatchObject({ ErrorCode: 9 });
  });

  it('says what had arrived where the job was cancelled part-way', async () => {
    const [first, second] = await inOrder();
    let count = 0;
    peer.behaviour = (request, response) => {
      count += 1;
      request.resume();
      // the rest never ends
      if (count <= COUNTS[first!]) request.on('end', () => void response.end('{"Status":"Success"}'));
    };
    const before = (await report()).length;
    const order = { Resources: both(), Asynchronous: true };
    const { ID } = (await annal.send('POST', '/peers/p/store', JSON.stringify(order))).json as { ID: string };
    await until(async () => count > COUNTS[first!]);
    await annal.send('POST', `/jobs/${ID}/cancel`);
    let rows: readonly Row[] = [];
    await until(async () => {
      rows = (await report()).slice(before);
      return rows.every((row) => row.ExportOutcome === 'aborted') && rows.some((row) => row.InstancesCount !== 0);
    });
    expect(sorted(summary(rows))).toEqual(
      sorted([
        [first, 'success', COUNTS[first!], 0],
        [second, 'aborted', 0, COUNTS[second!]],
      ]),
    );
  });

  it('counts what another DICOMweb server says to have stored of a request that it refused', async () => {
    const item = { [REFERENCED_SOP_INSTANCE_UID]: { vr: 'UI', Value: [`1.${'A'.charCodeAt(0)}.2.1`] } };
    other.answer = (_, response) => {
      response.writeHead(202, { 'Content-Type': 'application/dicom+json' });
      response.end(
        JSON.stringify([
          {
            '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [272] } }] },
            '00081199': { vr: 'SQ', Value: [item] },
          },
        ]),
      );
    };
    expect(summary(await sent('/dicom-web/servers/w/stow', { Resources: both() }))).toEqual([
      ['A', 'partial', 1, 1],
      ['B', 'failure', 0, 3],
    ]);
  });

  it('counts of each resource of an archive what is of it', async () => {
    const rows = await sent('/tools/create-archive', both());
    expect(summary(rows)).toEqual([
      ['A', 'success', 2, 0],
      ['B', 'success', 3, 0],
    ]);
  });
});
