import { type Measurement } from '../measure/measurement.js';
import { cells, grouped, HEADINGS } from './table.js';

/** Under which circumstances a run took place. */
export interface Circumstances {
  readonly machine: string;
  readonly load: string;
  readonly annal: string;
  readonly orthanc: string | undefined;
  readonly plan: string;
}

/** The page docs/benchmarks.md. */
export function markdownReport(measurements: readonly Measurement[], circumstances: Circumstances): string {
  const { machine, load, annal, orthanc, plan } = circumstances;
  const sections = [...grouped(measurements)].map(([group, members]) =>
    [
      `## ${group[0]!.toUpperCase()}${group.slice(1)}`,
      '',
      row(HEADINGS),
      row(HEADINGS.map(() => '---')),
      ...members.map((member) => row(cells(member))),
    ].join('\n'),
  );
  return `# Benchmarks

<!-- Made by "npm run bench -- --write". Do not edit. -->

${annal}${orthanc ? ` beside ${orthanc}` : ' alone'}, ${plan} run on one machine: ${machine}. Load average while it ran: ${load}
(the servers, the load client and whatever else the machine did share its cores).

Both servers flush every file to disk before they answer, and got the same requests in turn, round by round. Rates are
medians of the rounds, ratios medians of the rounds' ratios: they hold on other machines, the rates do not.
Processor time is that of all processes of a server, its database included, for one unit of the rate. Eight
connections unless said otherwise. [bench/README.md](../bench/README.md) tells how to repeat this.

${sections.join('\n\n')}
`;
}

function row(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}
