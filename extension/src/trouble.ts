/**
 * Trouble: what a person is told when something cannot be done. It says what happened and what to do next; the detail
 * goes to the log. Everything else that is thrown is a fault of this extension.
 */

/** What a person can do about it with one click. */
export type Remedy = 'log' | 'settings' | 'retry';

export class Trouble extends Error {
  constructor(
    message: string,
    readonly detail = '',
    readonly remedies: readonly Remedy[] = ['log'],
  ) {
    super(message);
    this.name = 'Trouble';
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
