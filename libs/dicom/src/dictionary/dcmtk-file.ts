import { type PrivateLines } from './private-dictionary.js';

/** What a dictionary file adds: lines in the form of the built-in dictionaries. */
export interface ExternalDictionary {
  /** "ggggeeee VR VM name". */
  readonly publicLines: readonly string[];
  readonly privateLines: PrivateLines;
}

const PUBLIC = /^\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)$/;
const PRIVATE = /^\(([0-9a-fA-F]{4}(?:-o-[0-9a-fA-F]{4})?),"([^"]*)",([0-9a-fA-F]{2}|[0-9a-fA-F]{4})\)$/;
/** DCMTK's letters for elements with several representations. */
const AMBIGUOUS: Readonly<Record<string, string>> = { ox: 'OB/OW', px: 'OB/OW', xs: 'US/SS', lt: 'OW/US/SS', up: 'UL' };

/**
 * Reads a dictionary in DCMTK's format: tag, VR, name, VM and version separated by tabs, `#` starts a comment.
 * Ranges of public tags are left out, the standard's own are built in. Throws an Error that names the line.
 */
export function parseDcmtkDictionary(text: string): ExternalDictionary {
  const publicLines: string[] = [];
  const privateLines: Record<string, string[]> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [tag = '', letters = '', name = '', vm = '1'] = line.split('\t').map((field) => field.trim());
    if (!tag.startsWith('(') || letters === '' || name === '')
      throw new Error(`no dictionary entry in line ${index + 1}`);
    const rest = `${AMBIGUOUS[letters] ?? letters} ${vm} ${name.replaceAll(' ', '')}`;
    const [, group, element] = PUBLIC.exec(tag) ?? [];
    if (group && element)
      publicLines.push(`${group}${element} ${rest}`.replace(/^\S+/, (digits) => digits.toLowerCase()));
    const [, privateGroup, creator, privateElement] = PRIVATE.exec(tag) ?? [];
    if (privateGroup && creator && privateElement) {
      (privateLines[creator] ??= []).push(`${privateGroup.toLowerCase()} ${privateElement.toLowerCase()} ${rest}`);
    }
  }
  return { publicLines, privateLines };
}
