import { AskedTogether } from './asked-together.js';
import { inJson, Parameters, prepared, type Statement, type StatementRunner } from './statement.js';

type Values = readonly string[];

/**
 * Runs statements that have one row each, and texts as all their parameters: those of the same form that come at the same time
 * as one. A search for one value costs PostgreSQL and its client less than the way there and back.
 */
export class StatementsTogether implements StatementRunner {
  private readonly forms = new Map<string, AskedTogether<Values, unknown>>();

  constructor(private readonly runner: StatementRunner) {}

  async query<R>(statement: Statement): Promise<{ readonly rows: R[] }> {
    const { text, values = [], name } = statement;
    // a text in which a parameter seems to stand more than once may have it within quotes
    const isJoined = name !== undefined && areTexts(values) && (text.match(PARAMETER) ?? []).length === values.length;
    if (!isJoined) return this.runner.query<R>(statement);
    return { rows: [(await this.formOf(text).get(values)) as R] };
  }

  /** As few as there are names of prepared statements. */
  private formOf(text: string): AskedTogether<Values, unknown> {
    let form = this.forms.get(text);
    if (!form) this.forms.set(text, (form = new AskedTogether((asked) => this.ask(text, asked))));
    return form;
  }

  private async ask(text: string, asked: readonly Values[]): Promise<readonly unknown[]> {
    const [first] = asked;
    const own = prepared(text, [...first!]);
    if (asked.length === 1) return (await this.runner.query(own)).rows;
    const parameters = new Parameters();
    const records = parameters.add(JSON.stringify(asked.map((values) => values.map(inJson))));
    const one = text.replace(PARAMETER, (_, number: string) => `(asked.texts->>${Number(number) - 1})`);
    const all = `SELECT found.* FROM json_array_elements(${records}) WITH ORDINALITY asked (texts, place)
      CROSS JOIN LATERAL (${one}) found ORDER BY asked.place`;
    const { rows } = await this.runner.query(prepared(all, parameters.values));
    // else somebody would be given what another one asked for
    if (rows.length !== asked.length) throw new Error(`Not one row for each that asked: ${text}`);
    return rows;
  }
}

const PARAMETER = /\$(\d+)/g;

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.length > 0 && values.every((value) => typeof value === 'string');
}
