import { between, pick, randomFrom } from './random.js';

/** How many series and instances the studies of an archive have. */
export interface StudyShape {
  readonly series: readonly [least: number, most: number];
  readonly instances: readonly [least: number, most: number];
}

/** Studies as they come from scanners: what is ingested and deleted. */
export const SCANNED: StudyShape = { series: [1, 4], instances: [20, 100] };
/** Studies with hardly any instances: what an archive of many studies is filled with. */
export const TINY: StudyShape = { series: [1, 2], instances: [1, 2] };

/** What all instances of a made-up study share. */
export interface Study {
  readonly uid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly date: string;
  readonly time: string;
  readonly description: string;
  readonly accessionNumber: string;
  readonly modality: string;
  /** The number of instances of each series. */
  readonly series: readonly number[];
}

const FAMILIES =
  'SMITH JONES TAYLOR BROWN WILLIAMS WILSON JOHNSON DAVIES PATEL WRIGHT WALKER EVANS MEYER WEBER SCHULZ BECKER FISCHER DUBOIS MOREAU LAURENT ROSSI FERRARI BIANCHI GARCIA LOPEZ MARTIN SILVA COSTA NOVAK KOWALSKI TANAKA SUZUKI'.split(
    ' ',
  );
const GIVEN = 'ANNA BEN CLARA DAVID EMMA FELIX GRETA HENRY IDA JAMES KATE LEO MARIA NOAH OLIVIA PAUL'.split(' ');
const DESCRIPTIONS = ['CT CHEST', 'CT ABDOMEN', 'MR BRAIN', 'MR KNEE LEFT', 'US LIVER', 'CR THORAX', 'PET WHOLE BODY'];
const DAY_MS = 86_400_000;

/** The study with a number in an area; areas keep the archives of different cases apart. */
export function studyOf(area: number, index: number, shape: StudyShape): Study {
  const patient = Math.floor(index * 0.8);
  const person = randomFrom(area * 1_000_003 + patient);
  const patientName = `${pick(person, FAMILIES)}^${pick(person, GIVEN)}`;
  const birthDate = dateOf(Date.UTC(1930, 0, 1) + between(person, 0, 28_000) * DAY_MS);
  const sex = pick(person, ['F', 'M']);
  const random = randomFrom((area << 20) ^ (index * 7919 + 1));
  return {
    uid: `1.2.826.0.1.3680043.10.999.${area}.${index + 1}`,
    patientId: `P${area}-${String(patient).padStart(7, '0')}`,
    patientName,
    birthDate,
    sex,
    date: dateOf(Date.UTC(2015, 0, 1) + between(random, 0, 3_650) * DAY_MS),
    time: `${between(random, 10, 19)}${between(random, 10, 59)}${between(random, 10, 59)}`,
    description: pick(random, DESCRIPTIONS),
    accessionNumber: `A${area}${String(index).padStart(8, '0')}`,
    modality: pick(random, ['CT', 'MR']),
    series: Array.from({ length: between(random, ...shape.series) }, () => between(random, ...shape.instances)),
  };
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
