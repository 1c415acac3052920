/** The Python that the server is installed with: found on this machine, and new enough. Not the user's interpreter. */

import { l10n } from 'vscode';

import type { Run } from './process';
import { Trouble } from './trouble';

export interface Python {
  readonly path: string;
  /** `3.12.4` */
  readonly version: string;
}

const OLDEST = [3, 11] as const;
const PROBE = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';

/** Where it is looked for: the usual names first, then versions, the newest first. */
export function candidates(platform: NodeJS.Platform): readonly (readonly string[])[] {
  const versions = ['3.14', '3.13', '3.12', '3.11'];
  return platform === 'win32'
    ? [['python'], ...versions.map((version) => ['py', `-${version}`])]
    : [['python3'], ['python'], ...versions.map((version) => [`python${version}`])];
}

/** The first that is new enough, or the one that the user has chosen. Throws Trouble where there is none. */
export async function findPython(
  run: Run,
  chosen: string | undefined,
  names: readonly (readonly string[])[],
): Promise<Python> {
  const found: Python[] = [];
  for (const [program, ...args] of chosen === undefined ? names : [[chosen]]) {
    const python = program === undefined ? undefined : await probed(run, program, args);
    if (python !== undefined && recent(python)) {
      return python;
    }
    found.push(...(python === undefined ? [] : [python]));
  }
  throw missing(chosen, found[0]);
}

async function probed(run: Run, program: string, args: readonly string[]): Promise<Python | undefined> {
  const { status, output } = await run(program, [...args, '-I', '-c', PROBE]);
  const [path, version] = output.trim().split(/\r?\n/);
  return status === 0 && path && version ? { path, version } : undefined;
}

function recent(python: Python): boolean {
  const [major = 0, minor = 0] = python.version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function missing(chosen: string | undefined, old: Python | undefined): Trouble {
  const remedies = ['settings', 'retry', 'log'] as const;
  const next = l10n.t('Your own code may keep using any Python.');
  if (chosen !== undefined && old === undefined) {
    const message = l10n.t('"{0}", which secant.server.python names, is no Python that runs.', chosen);
    return new Trouble(`${message} ${l10n.t('Name one of version 3.11 or newer.')} ${next}`, '', remedies);
  }
  if (old !== undefined) {
    const message = l10n.t('Secant needs Python 3.11 or newer for its server, and {0} is {1}.', old.path, old.version);
    return new Trouble(`${message} ${l10n.t('Name another in secant.server.python.')} ${next}`, '', remedies);
  }
  const message = l10n.t('Secant needs Python 3.11 or newer for its server, and found no Python.');
  return new Trouble(`${message} ${l10n.t('Install one, or name it in secant.server.python.')}`, '', remedies);
}
