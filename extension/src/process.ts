/** Programs that run to their end while somebody waits: nothing of VS Code, nothing of what they are for. */

import { spawn } from 'node:child_process';

export interface Outcome {
  /** Exit status; null for a program that was killed or did not start at all. */
  readonly status: number | null;
  readonly output: string;
  /** What it wrote to stderr, or why it did not start. */
  readonly errors: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

/** Never rejects: a program that cannot be started has an outcome too. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Outcome>;

export const run: Run = (program, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const written: { output: string; errors: string } = { output: '', errors: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      written.errors += text;
    });
    child.on('error', (error) => resolve({ status: null, output: written.output, errors: error.message }));
    child.on('close', (status) => resolve({ status, ...written }));
  });
