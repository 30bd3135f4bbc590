import { decisive, type Goal, type Measurement, reached, type Side } from '../measure/measurement.js';

/** The columns of the report, ratios first. */
export const HEADINGS = [
  '',
  'ratio',
  'goal',
  '',
  'Annal',
  'Orthanc',
  'Annal CPU ms',
  'Orthanc CPU ms',
  'Annal p50 / p99',
  'Orthanc p50 / p99',
] as const;

/** A measurement as texts for the columns. */
export function cells(measurement: Measurement): string[] {
  const mark = { true: '✓', false: '✗', undefined: '' }[String(reached(measurement))] ?? '';
  const goal = measurement.goal ? goalText(measurement.goal) : '';
  if ('value' in measurement) {
    const { name, value, unit, detail } = measurement;
    const figure = `${significant(value)} ${unit}`;
    return [
      name,
      unit === '×' ? significant(value) : '',
      goal,
      mark,
      unit === '×' ? '' : figure,
      '',
      '',
      '',
      detail ?? '',
      '',
    ];
  }
  const { name, unit, annal, orthanc } = measurement;
  const ratio = decisive(measurement);
  return [
    name,
    ratio === undefined ? '' : significant(ratio),
    goal,
    mark,
    `${significant(annal.rate)} ${unit}`,
    orthanc ? significant(orthanc.rate) : '',
    annal.cpu === undefined ? '' : significant(annal.cpu),
    orthanc?.cpu === undefined ? '' : significant(orthanc.cpu),
    latencies(annal),
    orthanc ? latencies(orthanc) : '',
  ];
}

/** Measurements by group, in the order in which they came. */
export function grouped(measurements: readonly Measurement[]): ReadonlyMap<string, readonly Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const members = groups.get(measurement.group);
    if (members) members.push(measurement);
    else groups.set(measurement.group, [measurement]);
  }
  return groups;
}

/** The report as text for a terminal. */
export function plainTable(measurements: readonly Measurement[]): string {
  const rows = [...grouped(measurements)].flatMap(([group, members]) => [[`── ${group}`], ...members.map(cells)]);
  const full = [[...HEADINGS], ...rows];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...full.filter((row) => row.length > 1).map((row) => row[column]!.length)),
  );
  return full
    .map((row) =>
      row
        .map((text, column) => pad(text, widths[column]!, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(text: string, width: number, column: number): string {
  return column === 0 || column > 7 ? text.padEnd(width) : text.padStart(width);
}

function latencies({ p50, p99 }: Side): string {
  return `${significant(p50)} / ${significant(p99)} ms`;
}

function goalText({ kind, value }: Goal): string {
  return `${kind === 'at least' ? '≥' : '≤'} ${value.toLocaleString('en')}`;
}

function significant(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(value >= 0.1 ? 2 : 4);
}
