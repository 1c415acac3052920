/**
 * The server's own Python environment: made once from the wheel in this extension, next to it a list of its
 * dependencies with their hashes. Never the user's environment, and nothing in it is ever changed: another version, or
 * another build of the same, is another folder.
 *
 * An environment is made under a temporary name and renamed when it works. Of two windows that make it at the same time
 * both succeed, and one of the results is kept.
 */

import { createHash, randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { l10n } from 'vscode';

import type { Log } from './log';
import type { Outcome, Run } from './process';
import type { Python } from './python';
import { Trouble } from './trouble';

export const MODULE = 'secant_server';
export const FOLDER = 'server-';
export const UNFINISHED = 'unfinished-';

/** Where everything is. */
export interface Site {
  /** Folder that this extension may write to. */
  readonly storage: string;
  /** Folder with the wheel and its requirements.txt. */
  readonly bundled: string;
  readonly version: string;
  readonly platform: NodeJS.Platform;
}

/** What is to be installed. */
export interface Package {
  readonly wheel: string;
  readonly requirements: string;
  /** Name of the environment's folder: version and contents. */
  readonly folder: string;
}

export interface Step {
  readonly says: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** The package in this extension. Throws Trouble where it was built without one. */
export async function packaged(site: Site): Promise<Package> {
  const names: string[] = await readdir(site.bundled).catch(() => []);
  const wheel = names.find((name) => name.startsWith(`secant-${site.version}-`) && name.endsWith('.whl'));
  if (wheel === undefined || !names.includes('requirements.txt')) {
    const message = l10n.t('This build of the extension brings no server. Name one in secant.server.command.');
    throw new Trouble(message, `There is no wheel of secant ${site.version} in ${site.bundled}.`, ['settings', 'log']);
  }
  const files = [join(site.bundled, wheel), join(site.bundled, 'requirements.txt')] as const;
  const digest = createHash('sha256');
  for (const file of files) {
    digest.update(await readFile(file));
  }
  const folder = `${FOLDER}${site.version}-${digest.digest('hex').slice(0, 8)}`;
  return { wheel: files[0], requirements: files[1], folder };
}

/** The interpreter of an environment. */
export function interpreterOf(environment: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

/** The interpreter of the environment that is there; undefined where there is none, or the Python below it has gone. */
export async function installed(site: Site, contents: Package): Promise<string | undefined> {
  const interpreter = interpreterOf(join(site.storage, contents.folder), site.platform);
  const works = await access(interpreter, constants.X_OK).then(
    () => true,
    () => false,
  );
  return works ? interpreter : undefined;
}

/**
 * What makes an environment in `target`. Only wheels with known hashes are taken: nothing is built, so no code of a
 * package runs while it is installed.
 */
export function plan(target: string, contents: Package, python: Python, uv: boolean, site: Site): readonly Step[] {
  const interpreter = interpreterOf(target, site.platform);
  const pinned = ['--require-hashes', '--only-binary', ':all:', '-r', contents.requirements];
  const pip = ['-I', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--retries', '2'];
  const into = ['pip', 'install', '--quiet', '--python', interpreter];
  const [making, downloading, installing, trying] = [
    l10n.t('making an environment with Python {0}', python.version),
    l10n.t('downloading packages'),
    l10n.t('installing'),
    l10n.t('trying it'),
  ];
  const steps: Step[] = uv
    ? [
        { says: making, program: 'uv', args: ['venv', '--quiet', '--python', python.path, target] },
        { says: downloading, program: 'uv', args: [...into, '--compile-bytecode', ...pinned] },
        { says: installing, program: 'uv', args: [...into, '--compile-bytecode', '--no-deps', contents.wheel] },
      ]
    : [
        { says: making, program: python.path, args: ['-I', '-m', 'venv', target] },
        { says: downloading, program: interpreter, args: [...pip, ...pinned] },
        { says: installing, program: interpreter, args: [...pip, '--no-deps', '--no-index', contents.wheel] },
      ];
  return [...steps, { says: trying, program: interpreter, args: ['-I', '-c', `import ${MODULE}, secant.machine`] }];
}

export interface Installing {
  readonly site: Site;
  readonly run: Run;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly report: (says: string) => void;
}

/** Makes the environment and returns its interpreter. Throws Trouble that says what to do by hand. */
export async function install(contents: Package, python: Python, context: Installing): Promise<string> {
  const { site, run, log, signal, report } = context;
  const unfinished = join(site.storage, `${UNFINISHED}${process.pid}-${randomBytes(4).toString('hex')}`);
  const uv = (await run('uv', ['--version'], { signal })).status === 0;
  try {
    await mkdir(site.storage, { recursive: true });
    for (const step of plan(unfinished, contents, python, uv, site)) {
      report(step.says);
      log.info(`${step.program} ${step.args.join(' ')}`);
      const outcome = await run(step.program, step.args, { cwd: site.storage, signal });
      if (outcome.status !== 0) {
        throw failed(step, outcome, contents, python, signal);
      }
    }
    await publish(unfinished, contents, site);
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 3 });
  }
  return interpreterOf(join(site.storage, contents.folder), site.platform);
}

/** Gives a finished environment its name, unless another window was first. One whose Python has gone gives way. */
async function publish(finished: string, contents: Package, site: Site): Promise<void> {
  const target = join(site.storage, contents.folder);
  try {
    await rename(finished, target);
  } catch (error) {
    if ((await installed(site, contents)) !== undefined) {
      return;
    }
    const broken = `${finished}-broken`;
    await rename(target, broken).catch(() => {
      throw error;
    });
    await rename(finished, target);
    await rm(broken, { recursive: true, force: true });
  }
}

const OFFLINE =
  /connection (error|refused|reset)|NewConnectionError|NameResolutionError|name resolution|getaddrinfo|unreachable|dns error|timed out|ReadTimeout|failed to fetch|could not connect|error sending request|ProxyError|No matching distribution found|Could not find a version/i;
const NO_VENV = /ensurepip|No module named venv/i;

function failed(step: Step, outcome: Outcome, contents: Package, python: Python, signal: AbortSignal): Trouble {
  const detail = [`${step.program} ${step.args.join(' ')}`, outcome.output, outcome.errors].join('\n').trim();
  if (signal.aborted) {
    return new Trouble(l10n.t('Secant has no server yet: its installation was cancelled.'), detail, ['retry']);
  }
  const said = `${outcome.output}\n${outcome.errors}`;
  if (NO_VENV.test(said)) {
    const message = l10n.t('{0} cannot make environments: its module venv is not complete.', python.path);
    const next = l10n.t('Install it (on Debian and Ubuntu: sudo apt install python3-venv), or install uv.');
    return new Trouble(`${message} ${next}`, detail, ['retry', 'log', 'settings']);
  }
  const hand = byHand(contents, python);
  const message = OFFLINE.test(said)
    ? l10n.t(
        'Secant could not download the packages of its server: the package index cannot be reached. Try again when you are online, or run {0} and set secant.server.command to {1}.',
        ...hand,
      )
    : l10n.t(
        "Secant's server could not be installed: {0}. Try again, or run {1} and set secant.server.command to {2}.",
        lastLine(outcome.errors),
        ...hand,
      );
  return new Trouble(message, detail, ['retry', 'log', 'settings']);
}

/** What a person types to do the same elsewhere, and where they say that they did. */
function byHand(contents: Package, python: Python): readonly [commands: string, setting: string] {
  const windows = process.platform === 'win32';
  const [folder, interpreter] = windows
    ? ['%USERPROFILE%\\secant', '%USERPROFILE%\\secant\\Scripts\\python.exe']
    : ['~/secant', '~/secant/bin/python'];
  const commands = `"${python.path}" -m venv ${folder} && ${interpreter} -m pip install "${contents.wheel}"`;
  const setting = JSON.stringify([windows ? '~\\secant\\Scripts\\python.exe' : interpreter, '-m', MODULE]);
  return [commands, setting.replaceAll(',', ', ')];
}

function lastLine(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  return (lines.at(-1) ?? '').trim().replace(/\.$/, '') || l10n.t('it ended without a word');
}
