import { type Tag } from '../dataset.js';
import { type HeaderDataSet } from '../header/model.js';

/** Whose attributes: `/patients/{id}/module`, `/studies/{id}/module`, … */
export type ModuleLevel = 'patient' | 'study' | 'series' | 'instance';

const tags = (text: string): ReadonlySet<Tag> => new Set(text.split(' ').map((digits) => Number.parseInt(digits, 16)));

/** The attributes of the modules (PS3.3 sections C.7.1.1, C.7.2.1, C.7.3.1, C.12.1) as Orthanc's REST API groups them. */
const MODULES: Readonly<Record<ModuleLevel, ReadonlySet<Tag>>> = {
  patient: tags(
    '00081120 00100010 00100020 00100021 00100024 00100030 00100032 00100040 00101000 00101001 00101002 00102160 ' +
      '00102201 00102202 00102292 00102293 00102294 00102297 00102298 00102299 00104000 00120062 00120063 00120064',
  ),
  study: tags(
    '00080020 00080030 00080050 00080051 00080090 00080096 00081030 00081032 00081048 00081049 00081060 00081062 ' +
      '00081110 0020000d 00200010 00321034 00401012',
  ),
  series: tags(
    '00080021 00080031 00080060 0008103e 0008103f 00081050 00081052 00081070 00081072 00081111 00081250 00102210 ' +
      '00180015 00181030 00185100 0020000e 00200011 00200060 00280108 00400244 00400245 ' +
      '00400253 00400254 00400260 00400275 00400280',
  ),
  instance: tags(
    '00080005 00080012 00080013 00080014 00080016 00080018 0008001a 0008001b 00080110 00080201 0018a001 00200013 ' +
      '00280303 0040a390 01000410 01000420 01000424 01000426 04000500 04000561 4ffe0001',
  ),
};

/** The elements of a data set that belong to the module of a level. */
export function moduleElements(dataset: HeaderDataSet, level: ModuleLevel): HeaderDataSet {
  return dataset.filter(([tag]) => MODULES[level].has(tag));
}
