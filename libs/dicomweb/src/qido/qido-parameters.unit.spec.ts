import { DicomDictionary } from '@annal/dicom';
import { acceptedForm } from './accepted-form.js';
import { defaultAttributes } from './default-attributes.js';
import { parseQidoParameters, type QidoParameters } from './qido-parameters.js';

const dictionary = new DicomDictionary();
const parse = (query: string, limits = { parameters: 20, attributes: 20 }): QidoParameters =>
  parseQidoParameters([...new URLSearchParams(query)], dictionary, limits);

describe('the parameters of a search', () => {
  it('name attributes by keyword, by tag in any form, and by a path through sequences', () => {
    for (const name of ['PatientID', '00100020', '0010,0020', '0010-0020']) {
      expect(parse(`${name}=A`).filters).toEqual([{ path: [0x00100020], value: 'A' }]);
    }
    const nested = [{ path: [0x00400275, 0x00400009], value: 'S1' }];
    expect(parse('RequestAttributesSequence.ScheduledProcedureStepID=S1').filters).toEqual(nested);
    expect(parse('00400275.00400009=S1').filters).toEqual(nested);
  });

  it('of which one is given twice, the last counts', () => {
    expect(parse('PatientID=A&00100020=B&limit=1&limit=2')).toMatchObject({ filters: [{ value: 'B' }], limit: 2 });
  });

  it('that nobody knows are left alone', () => {
    expect(parse('patientname=A&Foo=1&RequestAttributesSequence.Foo=2&_=123&=').filters).toEqual([]);
  });

  it('ask for fields one by one, in lists, inside sequences, or for all', () => {
    const { fields, allFields } = parse(
      'includefield=Rows,00280011,foo&includefield=0008,1030&includefield=RequestAttributesSequence.ScheduledProcedureStepID&includefield=Rows',
    );
    expect(fields).toEqual([[0x00280010], [0x00280011], [0x00081030], [0x00400275, 0x00400009]]);
    expect(allFields).toBe(false);
    expect(parse('includefield=all,Rows')).toMatchObject({ allFields: true, fields: [[0x00280010]] });
  });

  it('cut a page out as unsigned integers do', () => {
    expect(parse('limit=5&offset=10')).toMatchObject({ limit: 5, offset: 10 });
    expect(parse('limit=%2B5')).toMatchObject({ limit: 5 });
    expect(parse('limit=0').limit).toBeUndefined();
    expect(parse('limit=-1&offset=-1')).toMatchObject({ limit: 2 ** 32 - 1, offset: 2 ** 32 - 1 });
    for (const wrong of ['limit=', 'limit=abc', 'limit=1.5', 'limit=4294967296', 'offset=%205', 'offset=1e3']) {
      expect(() => parse(wrong)).toThrow('must be a number');
    }
  });

  it('order by attributes, upwards or downwards', () => {
    expect(parse('orderby=-StudyDate,PatientName,0008,1030').order).toEqual([
      { tag: 0x00080020, descending: true },
      { tag: 0x00100010, descending: false },
      { tag: 0x00081030, descending: false },
    ]);
    expect(parse('orderby=').order).toEqual([]);
  });

  it.each([
    'Foo',
    '-Foo',
    'StudyDate,Foo',
    '-',
    'StudyDate,',
    ',',
    '--StudyDate',
    'RequestAttributesSequence.StudyDate',
  ])('order by nothing else: %s', (order) => {
    expect(() => parse(`orderby=${order}`)).toThrow('"orderby" must be a list of main DICOM tags');
  });

  it('look for names loosely or not, and nothing between', () => {
    expect([parse('fuzzymatching=true').fuzzy, parse('fuzzymatching=false').fuzzy]).toEqual([true, false]);
    expect(() => parse('fuzzymatching=TRUE')).toThrow('Not a proper value for fuzzy matching (true or false): TRUE');
  });

  it('are not more than allowed', () => {
    const query = Array.from({ length: 21 }, (_, index) => `x${index}=`).join('&');
    expect(() => parse(query)).toThrow('More than 20 parameters');
    expect(() => parse('includefield=Rows,Columns,Modality', { parameters: 1, attributes: 2 })).toThrow(
      'More than 2 attributes',
    );
  });
});

describe('what is shown unasked', () => {
  const shows = (level: 'Study' | 'Series' | 'Instance', ...filtered: number[]): boolean[] => {
    const shown = defaultAttributes(level, new Set(filtered));
    return [0x00100010, 0x00080060, 0x00280010].map((tag) => shown.has(tag));
  };

  it('is of the level and of those above, unless the query names their UID', () => {
    expect(shows('Study')).toEqual([true, false, false]);
    expect(shows('Series')).toEqual([true, true, false]);
    expect(shows('Instance')).toEqual([true, true, true]);
    expect(shows('Series', 0x0020000d)).toEqual([false, true, false]);
    expect(shows('Instance', 0x0020000e)).toEqual([true, false, true]);
    expect(shows('Instance', 0x0020000d, 0x0020000e)).toEqual([false, false, true]);
  });
});

describe('the form of an answer', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/dicom+json, application/json;q=0.5', 'json'],
    ['application/dicom+xml', 'xml'],
    ['multipart/related; type="application/dicom+xml"', 'xml'],
    ['multipart/related; type=application/dicom+xml; q=0.5, application/dicom+json;q=0.4', 'xml'],
    ['multipart/related; type=application/dicom+xml; q=0.5, application/dicom+json', 'json'],
    ['application/dicom+xml;q=0.4, */*;q=0.5', 'json'],
    ['application/dicom+xml, application/dicom+json', 'json'],
    ['application/dicom+xml, application/dicom+json;q=0', 'xml'],
    ['application/dicom+json;q=0', undefined],
    ['multipart/related', undefined],
    ['image/png', undefined],
  ])('for %p is %p', (accept, form) => {
    expect(acceptedForm(accept)).toBe(form);
  });
});
