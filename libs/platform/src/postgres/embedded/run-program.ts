import { type Launcher } from './launcher.js';

/** How a program ended. */
export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end; one that can't be started at all ends with code null and the reason. */
export async function runProgram(launcher: Launcher, program: string, args: readonly string[]): Promise<ProgramResult> {
  const child = launcher.launch(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, output, errors: error.message }));
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}
