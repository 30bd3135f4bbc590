import { startTestApp, type TestApp } from './testing/test-app.js';

/** What may be asked by other methods than GET where nothing may be changed: questions, and settings of the process. */
const HARMLESS = [
  /^POST \/tools\/(find|lookup|count-resources|bulk-content|create-archive|create-media|create-media-extended)$/,
  /^POST \/tools\/(dicom-conformance|execute-script|reset|shutdown|metrics-prometheus)$/,
  /^PUT \/tools\/(log-level.*|default-encoding|metrics|accepted-transfer-syntaxes|unknown-sop-class-accepted)$/,
  /^POST \/(patients|studies|series|instances)\/x\/attachments\/x\/verify-md5$/,
  /^POST \/(patients|studies|series)\/x\/(archive|media)$/,
  /^POST \/instances\/x\/export$/,
  /^POST \/studies\/x\/update-dicomweb-cache$/,
  // what other servers hold is not what is stored here
  /^POST \/dicom-web\/servers\/x\/(get|qido|delete)$/,
  /^OPTIONS /,
];

describe('ReadOnly', () => {
  let app: TestApp;
  let writes: readonly string[];
  beforeAll(async () => {
    app = await startTestApp({ ReadOnly: true, AuthenticationEnabled: false });
    const document = (await (await fetch(`${app.url}/swagger.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    writes = Object.entries(document.paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
      .filter((route) => !route.startsWith('GET '))
      .map((route) => route.replaceAll(/\{[^}]*\}/g, 'x'));
  });
  afterAll(() => app.close());

  it('refuses every route that changes something', async () => {
    const served: string[] = [];
    const refused: string[] = [];
    for (const route of writes.filter((one) => !HARMLESS.some((harmless) => harmless.test(one)))) {
      const [method, path] = route.split(' ') as [string, string];
      const { status } = await fetch(app.url + path, { method });
      (status === 404 || status === 405 ? refused : served).push(`${route} ${status}`);
    }
    expect(served).toEqual([]);
    expect(refused).toEqual(
      expect.arrayContaining([
        'POST /instances 405',
        'DELETE /studies/x 405',
        'PUT /series/x/attachments/x 405',
        'DELETE /instances/x/attachments/x 405',
        'PUT /patients/x/labels/x 405',
        'PUT /patients/x/protected 405',
        'POST /instances/x/attachments/x/compress 404',
        'POST /series/x/reconstruct 404',
        'POST /tools/reconstruct 404',
        'POST /tools/invalidate-tags 404',
        'POST /tools/bulk-delete 404',
      ]),
    );
  });
});
