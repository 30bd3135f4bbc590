import { type Option, type OptionTable } from '../option.js';
import { OPTION_GROUPS } from '../options/index.js';
import { describeDefault, effective } from './describe.js';

const WIDTH = 100;

/** A configuration file with every option that has an effect, its default and its meaning in a comment. */
export function defaultConfigurationFile(): string {
  const groups = OPTION_GROUPS.map(({ title, options }) => `  /* ${title} */\n\n${entries(options, '  ')}`);
  return `{\n${groups.join('\n')}}\n`;
}

function entries(table: OptionTable, indent: string): string {
  return effective(table)
    .map(([key, entry]) => {
      if (entry.kind === 'option') return `${comment(explanation(entry), indent)}${line(key, entry, indent)}\n`;
      const inner = entries(entry.options, `${indent}  `);
      return `${comment(entry.description, indent)}${indent}"${key}": {\n${inner}${indent}},\n`;
    })
    .join('\n');
}

function explanation(option: Option<unknown>): string {
  const unit = option.unit === undefined ? '' : ` In ${option.unit}.`;
  const value = option.defaultNote === undefined ? '' : ` Default: ${describeDefault(option)}.`;
  const later = option.status === 'planned' ? ' (Not used by this version yet.)' : '';
  return `${option.description}${unit}${value}${later}`;
}

/** An option without a value of its own stands in a comment, to be filled in. */
function line(key: string, option: Option<unknown>, indent: string): string {
  if (option.default === undefined) return `${indent}// "${key}": …,`;
  return `${indent}"${key}": ${JSON.stringify(option.default)},`;
}

function comment(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + 3 + last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((one) => `${indent}// ${one}\n`).join('');
}
