import { spawn } from 'node:child_process';

/**
 * Runs a program; resolves with what it wrote.
 * @param need what is missing where it fails
 * @throws Error with that, and what it wrote
 */
export async function runProgram(program: string, args: readonly string[], need: string): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | string | null>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`${need} is needed, but ${program} failed (${code}) ${output.slice(-2000)}`.trim());
  return output;
}
