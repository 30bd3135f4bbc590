import { mediaTypeOfFrames } from './frame-media-types.js';
import { dicomRepresentations, frameRepresentation } from './representations.js';

const U = '1.2.840.10008.1.2';
const EXPLICIT = `${U}.1`;

describe('DICOM files', () => {
  const sent = (accept?: string, single = false): unknown => {
    const [found] = dicomRepresentations(accept, single, (uid) => uid.startsWith(U));
    return found && [found.form, found.transferSyntax];
  };

  it.each([
    undefined,
    '*/*',
    'multipart/related',
    'multipart/related; type="application/dicom"',
    'multipart/related;type=application/dicom',
    'multipart/related; type="*/*"',
    'text/html, */*;q=0.1',
    // dicomweb-client and Weasis
    'multipart/related; type="application/dicom"; transfer-syntax=nope, multipart/related; type="application/dicom"',
  ])('go out in parts, uncompressed, for %s', (accept) => {
    expect(sent(accept)).toEqual(['multipart', EXPLICIT]);
  });

  it.each([
    ['multipart/related; type=application/dicom; transfer-syntax=*', 'multipart', '*'],
    [`multipart/related; type="application/dicom"; transfer-syntax="${U}.4.70"`, 'multipart', `${U}.4.70`],
    ['application/zip', 'zip', EXPLICIT],
    ['application/zip; transfer-syntax=*', 'zip', '*'],
    ['application/zip;q=0.5, multipart/related', 'multipart', EXPLICIT],
  ])('go out for %s as %s in %s', (accept, form, syntax) => {
    expect(sent(accept)).toEqual([form, syntax]);
  });

  it('go out as the next that is accepted where the first cannot be had, each once', () => {
    const part = 'multipart/related; type="application/dicom"; transfer-syntax=';
    const accept = `application/dicom;q=0.2, ${part}*;q=0.1, ${part}${U}.4.104, ${part}nope, ${part}${U}.4.104;q=0.5`;
    expect(dicomRepresentations(accept, true, (uid) => uid.startsWith(U))).toEqual([
      { form: 'multipart', transferSyntax: `${U}.4.104`, named: true },
      { form: 'single', transferSyntax: EXPLICIT, named: false },
      { form: 'multipart', transferSyntax: '*', named: true },
    ]);
  });

  it('go out in what is named, or in the default, which are not the same', () => {
    const part = 'multipart/related; type="application/dicom"';
    expect(dicomRepresentations(`${part}; transfer-syntax=${EXPLICIT}, ${part};q=0.5`, true, () => true)).toEqual([
      { form: 'multipart', transferSyntax: EXPLICIT, named: true },
      { form: 'multipart', transferSyntax: EXPLICIT, named: false },
    ]);
  });

  it('go out one by one without parts', () => {
    expect(sent('application/dicom; transfer-syntax=*', true)).toEqual(['single', '*']);
    expect(sent('application/dicom')).toBeUndefined();
  });

  it.each(['image/png', 'multipart/related; type=image/jpeg', 'application/dicom+json', '*/*;q=0'])(
    'are not for who accepts %s',
    (accept) => {
      expect(sent(accept, true)).toBeUndefined();
    },
  );
});

describe('frames', () => {
  const makes = new Set([EXPLICIT, ...'.4.70 .4.50 .4.80 .4.90 .4.201 .5'.split(' ').map((last) => U + last)]);
  const sent = (accept: string | undefined, stored = EXPLICIT, decodable = true, single = true): unknown => {
    const encapsulated = ![EXPLICIT, U].includes(stored);
    const described = { transferSyntax: stored, encapsulated, decodable, single };
    const found = frameRepresentation(accept, described, (uid) => makes.has(uid));
    return found && [found.multipart ? 'parts' : 'one', found.transferSyntax];
  };
  const related = (type: string, syntax?: string): string =>
    `multipart/related; type="${type}"${syntax === undefined ? '' : `; transfer-syntax=${syntax}`}`;

  it.each([undefined, '*/*', 'multipart/related', related('*/*'), related('application/octet-stream')])(
    'go out uncompressed for %s',
    (accept) => {
      for (const stored of [EXPLICIT, U, `${U}.4.50`]) expect(sent(accept, stored)).toEqual(['parts', EXPLICIT]);
    },
  );

  it('go out as they are stored for transfer-syntax=*', () => {
    const accept = related('application/octet-stream', '*');
    expect(sent(accept, U)).toEqual(['parts', EXPLICIT]);
    expect(sent(accept, `${U}.4.91`)).toEqual(['parts', `${U}.4.91`]);
    expect(sent('multipart/related; transfer-syntax=*', `${U}.4.102`, false)).toEqual(['parts', `${U}.4.102`]);
  });

  it.each([
    ['image/jpeg', '.4.70'],
    ['image/dicom+jpeg', '.4.70'],
    ['image/jls', '.4.80'],
    ['image/x-jls', '.4.80'],
    ['image/dicom+jpeg-ls', '.4.80'],
    ['image/jp2', '.4.90'],
    ['image/dicom+jp2', '.4.90'],
    ['image/jph', '.4.201'],
    ['image/jphc', '.4.201'],
    ['image/dicom-rle', '.5'],
    ['image/x-dicom-rle', '.5'],
    ['image/dicom+rle', '.5'],
  ])('go out as %s in its default transfer syntax', (type, last) => {
    expect(sent(related(type))).toEqual(['parts', U + last]);
    expect(sent(related(type, '*'))).toEqual(['parts', U + last]);
    expect(sent(type)).toEqual(['one', U + last]);
  });

  it('go out in the transfer syntax that is asked for', () => {
    expect(sent(related('image/jpeg', `${U}.4.50`))).toEqual(['parts', `${U}.4.50`]);
    expect(sent(related('image/jpeg', '*'), `${U}.4.51`)).toEqual(['parts', `${U}.4.51`]);
    expect(sent(related('application/octet-stream', `"${U}"`), `${U}.4.50`)).toEqual(['parts', U]);
    expect(sent(related('application/octet-stream', `${U}.4.90`))).toEqual(['parts', `${U}.4.90`]);
  });

  it('go out as what is stored where nothing here can uncompress it', () => {
    expect(sent('video/mp4', `${U}.4.103`, false)).toBeUndefined();
    expect(sent('video/mp4; transfer-syntax=*', `${U}.4.102`, false)).toEqual(['one', `${U}.4.102`]);
    expect(sent(related('video/mp4', `${U}.4.105`), `${U}.4.105`, false)).toEqual(['parts', `${U}.4.105`]);
    expect(sent(undefined, `${U}.4.110`, false)).toEqual(['parts', `${U}.4.110`]);
    expect(sent(related('application/octet-stream'), `${U}.4.110`, false)).toBeUndefined();
  });

  it.each([
    related('image/png'),
    related('image/jpeg', `${U}.4.90`),
    related('image/jp2', `${U}.4.91`),
    related('application/octet-stream', 'nope'),
    related('application/octet-stream', `${U}.2`),
    related('application/dicom'),
    'image/jpx',
    'video/mpeg',
    'text/html',
  ])('are not for who accepts %s', (accept) => {
    expect(sent(accept)).toBeUndefined();
  });

  it('come in parts where there are several', () => {
    expect(sent('application/octet-stream', EXPLICIT, true, false)).toBeUndefined();
    expect(sent('application/octet-stream, */*;q=0.1', EXPLICIT, true, false)).toEqual(['parts', EXPLICIT]);
  });

  it('have the media types of PS3.18', () => {
    const type = (last: string): string => mediaTypeOfFrames(U + last);
    expect(
      ['.4.57', '.4.81', '.4.91', '.4.93', '.4.203', '.5', '.4.100', '.4.106', '.4.108', '.1', '.9'].map(type),
    ).toEqual([
      'image/jpeg',
      'image/jls',
      'image/jp2',
      'image/jpx',
      'image/jph',
      'image/dicom-rle',
      'video/mpeg',
      'video/mp4',
      'video/h265',
      'application/octet-stream',
      'application/octet-stream',
    ]);
  });
});
