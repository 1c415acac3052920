/**
 * Settings. This side only reads how the server is started; all others are the server's, which asks for them by scope
 * and says so itself where one is of the wrong type.
 */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { l10n, workspace } from 'vscode';

import { Trouble } from './trouble';

export const SECTION = 'secant';

export interface ServerSettings {
  /** A command that starts the server, in place of the one that this extension installs. */
  readonly command: readonly string[] | undefined;
  /** The Python that the server is installed with. */
  readonly python: string | undefined;
}

export type Read = (key: string) => unknown;

/** Throws Trouble that names the setting which is not of its type. */
export function serverSettings(read: Read = (key) => workspace.getConfiguration(SECTION).get(key)): ServerSettings {
  return { command: command(read('server.command')), python: python(read('server.python')) };
}

const FOR_SERVER = [
  ...[
    'interpreter',
    'goal',
    'optimizer',
    'promptOptimizer',
    'promptMetric',
    'maxSeconds',
    'maxEvaluations',
    'codeLens',
    'notify',
  ],
  ...['model', 'optimizerModel', 'baseUrl', 'keyVariable', 'maxUsd', 'maxCalls'],
];

/**
 * What the server gets to see of the section: its own settings, with the interpreter of the active environment where
 * the user has set none. A value of the wrong type is passed on, because the server says what is wrong with it.
 */
export async function forServer(
  section: unknown,
  interpreter: () => Promise<string | undefined>,
): Promise<Record<string, unknown>> {
  const given = typeof section === 'object' && section !== null ? (section as Record<string, unknown>) : {};
  const settings: Record<string, unknown> = Object.fromEntries(FOR_SERVER.map((key) => [key, given[key] ?? null]));
  settings.interpreter = settings.interpreter === '' ? null : settings.interpreter;
  settings.interpreter ??= (await interpreter()) ?? null;
  return settings;
}

function command(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) {
    throw wrong('secant.server.command', value, '["/path/to/python", "-m", "secant_server"]');
  }
  const [program, ...rest] = value;
  return program === undefined || program === '' ? undefined : [expanded(program), ...rest];
}

function python(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw wrong('secant.server.python', value, '"/usr/bin/python3"');
  }
  return expanded(value);
}

function expanded(program: string): string {
  return /^~[\\/]/.test(program) ? join(homedir(), program.slice(2)) : program;
}

function wrong(key: string, value: unknown, example: string): Trouble {
  return new Trouble(
    l10n.t('The setting {0} is {1}. Set it to something like {2}, or remove it.', key, JSON.stringify(value), example),
    '',
    ['settings', 'retry'],
  );
}
