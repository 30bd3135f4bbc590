/** The level that a search answers with. */
export type QidoLevel = 'Study' | 'Series' | 'Instance';

const tags = (text: string): readonly number[] => text.split(' ').map((digits) => Number.parseInt(digits, 16));

/** What each level shows unasked, as Orthanc's plugin does (PS3.18 section 10.6.3.3); character set and URL come besides. */
const OWN: Readonly<Record<QidoLevel, readonly number[]>> = {
  Study: tags(
    '00080020 00080030 00080050 00080056 00080061 00080090 00080201 00100010 00100020 00100030 00100040 0020000d ' +
      '00200010 00201206 00201208',
  ),
  Series: tags('00080060 00080201 0008103e 0020000e 00200011 00201209 00400244 00400245 00400275'),
  Instance: tags('00080016 00080018 00080056 00080201 00200013 00280008 00280010 00280011 00280100'),
};

const STUDY_INSTANCE_UID = 0x0020000d;
const SERIES_INSTANCE_UID = 0x0020000e;

/**
 * The attributes that a search shows unasked: those of its level, and of each level above unless the query itself
 * names that one's UID. (UIDs in the path leave them there.)
 * @param filtered the attributes that the query names
 */
export function defaultAttributes(level: QidoLevel, filtered: ReadonlySet<number>): ReadonlySet<number> {
  const shown = new Set(OWN[level]);
  const add = (above: QidoLevel): void => OWN[above].forEach((tag) => shown.add(tag));
  if (level === 'Instance' && !filtered.has(SERIES_INSTANCE_UID)) add('Series');
  if (level !== 'Study' && !filtered.has(STUDY_INSTANCE_UID)) add('Study');
  return shown;
}
