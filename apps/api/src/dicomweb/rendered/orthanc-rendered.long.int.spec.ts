import { type Answer, answerOf, contentOf, itAgreesOnEachImage } from '../../rest/images/testing/orthanc-comparison.js';

/** What is asked of each instance below its path, and in which form. */
const RENDERED: readonly (readonly [path: string, accept: string])[] = [
  ...[
    'rendered',
    'thumbnail',
    'frames/1/rendered',
    'frames/2/thumbnail',
    'frames/9999/rendered',
    'frames/0/rendered',
    'frames/x/rendered',
    'rendered?window=40,400,linear',
    'rendered?window=500.25,1300.75,linear',
    'rendered?window=128,0,linear',
    'rendered?window=128,-20,linear',
    'rendered?window=100,200,sigmoid',
    'rendered?viewport=100,100',
    'rendered?viewport=77,131&window=100,200,linear',
    'rendered?viewport=900,700',
    'rendered?viewport=64,64,10,5,-30,20',
    'rendered?viewport=50,60,3.5,2.4,20.5,-10.2&window=100,300,sigmoid',
    'rendered?viewport=50,60,,,,-10',
    'rendered?viewport=50,60,9000,0,10,10',
    'rendered?window=40,400',
    'rendered?window=40,400,other',
    'rendered?window=a,400,linear',
    'rendered?viewport=100',
    'rendered?viewport=-1,100',
    'rendered?viewport=1.5,100',
    'rendered?quality=0',
    'rendered?quality=x',
  ].map((path) => [path, 'image/png'] as const),
  ['rendered', '*/*'],
  ['rendered?window=40,400,linear', 'image/jpeg'],
  ['rendered?quality=40', 'image/jpeg'],
  ['rendered?quality=5', 'image/jpeg'],
  ['rendered', 'image/webp'],
];

/** What is asked of WADO-URI. */
const WADO: readonly string[] = [
  '',
  '&contentType=image/jpeg',
  '&contentType=image/png',
  '&contentType=application/dicom',
  '&contentType=text/html',
];

/** The answer to a WADO-URI request is always labelled as PNG, and what is no image is the plugin's own fault. */
function asStandard({ status, type, body }: Answer): Answer {
  if (status === 500 && body.includes('plugin engine'))
    return { status: 400, type, body: Buffer.from('{"OrthancStatus":3}') };
  const isJpeg = body[0] === 0xff && body[1] === 0xd8;
  return { status, type: isJpeg ? 'image/jpeg' : type, body };
}

/** Errors of the plugin are labelled as texts. */
function labelled({ status, type }: Answer): readonly unknown[] {
  return status >= 400 ? [status] : [status, type];
}

describe('rendered frames and Orthanc', () => {
  itAgreesOnEachImage('rendered frames', async ({ orthanc, id, app, index }) => {
    const tags = (await (await fetch(`${orthanc.url}/instances/${id}/simplified-tags`)).json()) as Record<
      string,
      string
    >;
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = tags;
    const theirPath = `${orthanc.url}/dicom-web/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
    const ourPath = `/dicom-web/studies/1.1/series/1.2.${index}/instances/1.3.${index}`;
    const differences: unknown[] = [];
    const compare = async (what: string, ours: Answer, theirs: Answer): Promise<void> => {
      // it renders no colours of 16 bits, and nothing of which there are two
      if (theirs.status === 500 || theirs.body.includes('Multiple Instance')) return;
      const [one, other] = [labelled(ours), labelled(theirs)];
      if (JSON.stringify(one) !== JSON.stringify(other)) differences.push([what, one, other]);
      else if ((await contentOf(ours)) !== (await contentOf(theirs))) differences.push([what, 'content']);
    };
    for (const [path, accept] of RENDERED) {
      const theirs = await answerOf(`${theirPath}/${path}`, accept);
      await compare(`${path} as ${accept}`, await app.get(`${ourPath}/${path}`, { Accept: accept }), theirs);
    }
    const same = await fetch(`${orthanc.url}/tools/lookup`, { method: 'POST', body: SOPInstanceUID });
    // it finds nothing by an identifier that several instances have
    const questions = ((await same.json()) as unknown[]).length > 1 ? [] : WADO;
    for (const query of questions) {
      const path = (uid: string | undefined): string => `/wado?requestType=WADO&objectUID=${uid}${query}`;
      const theirs = await answerOf(orthanc.url + path(SOPInstanceUID), '*/*');
      await compare(`WADO-URI ${query}`, await app.get(path(`1.3.${index}`)), asStandard(theirs));
    }
    expect(differences).toEqual([]);
  });
});
