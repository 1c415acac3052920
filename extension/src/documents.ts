/** The documents in which the server finds something to work on: functions in Python, solutions in Markdown. */

export const DOCUMENTS = [
  { scheme: 'file', language: 'python' },
  { scheme: 'file', language: 'markdown' },
] as const;
