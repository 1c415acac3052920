/** The one log of the extension, of its server and of the engine. */

import { type LogOutputChannel, window } from 'vscode';

export type Log = Pick<LogOutputChannel, 'debug' | 'info' | 'warn' | 'error' | 'show'>;

export function createLog(): LogOutputChannel {
  return window.createOutputChannel('Secant', { log: true });
}
