/** Says on the error output what is going on. */
export function say(text: string): void {
  process.stderr.write(`annal: ${text}\n`);
}
