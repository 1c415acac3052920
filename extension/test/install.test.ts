import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  type Installing,
  install,
  installed,
  interpreterOf,
  type Package,
  packaged,
  plan,
  type Site,
} from '../src/install';
import type { Outcome, Run } from '../src/process';
import { silentLog } from './vscode';

const PYTHON = { path: '/usr/bin/python3', version: '3.12.1' };
const FINE: Outcome = { status: 0, output: '', errors: '' };
let site: Site;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'secant-install-'));
  site = { storage: join(root, 'storage'), bundled: join(root, 'bundled'), version: '1.0.0', platform: 'linux' };
  await mkdir(site.bundled);
  await writeFile(join(site.bundled, 'secant-1.0.0-py3-none-any.whl'), 'wheel');
  await writeFile(join(site.bundled, 'requirements.txt'), 'pins');
});

afterEach(() => rm(root, { recursive: true }));

/** Programs that do what they are asked, except those for which `answer` has another outcome. */
function machine(answer: (line: string) => Outcome | undefined = () => undefined) {
  const lines: string[] = [];
  const run: Run = async (program, args) => {
    const line = [program, ...args].join(' ');
    const outcome = program === 'uv' ? (answer(line) ?? { ...FINE, status: null }) : (answer(line) ?? FINE);
    lines.push(line);
    if (outcome.status === 0 && args.includes('venv')) {
      await makeEnvironment(args.at(-1) ?? '');
    }
    return outcome;
  };
  return { run, lines };
}

async function makeEnvironment(folder: string): Promise<void> {
  const interpreter = interpreterOf(folder, 'linux');
  await mkdir(dirname(interpreter), { recursive: true });
  await writeFile(interpreter, '');
  await chmod(interpreter, 0o755);
}

function context(run: Run, signal = new AbortController().signal): Installing {
  return { site, run, log: silentLog(), signal, report: () => {} };
}

const contents = (): Promise<Package> => packaged(site);

test('an environment is made, tried and renamed', async () => {
  const { run, lines } = machine();
  const interpreter = await install(await contents(), PYTHON, context(run));

  expect(interpreter).toBe(await installed(site, await contents()));
  expect(lines.map((line) => line.replace(/\S*unfinished-[^/ ]+/g, 'ENV').replaceAll(site.bundled, 'BUNDLED'))).toEqual(
    [
      'uv --version',
      '/usr/bin/python3 -I -m venv ENV',
      'ENV/bin/python -I -m pip install --quiet --disable-pip-version-check --no-input --retries 2' +
        ' --require-hashes --only-binary :all: -r BUNDLED/requirements.txt',
      'ENV/bin/python -I -m pip install --quiet --disable-pip-version-check --no-input --retries 2' +
        ' --no-deps --no-index BUNDLED/secant-1.0.0-py3-none-any.whl',
      'ENV/bin/python -I -c import secant_server, secant.machine',
    ],
  );
  expect(await readdir(site.storage)).toEqual([(await contents()).folder]);
});

test('uv does it where it is there', async () => {
  const { run, lines } = machine((line) => (line.startsWith('uv') ? FINE : undefined));
  await install(await contents(), PYTHON, context(run));
  expect(lines.filter((line) => line.startsWith('uv')).map((line) => line.split(' ')[1])).toEqual([
    '--version',
    'venv',
    'pip',
    'pip',
  ]);
});

test('nothing is built from source, and every package is known by its hash', async () => {
  for (const uv of [true, false]) {
    const [, packages, wheel] = plan('env', await contents(), PYTHON, uv, site);
    expect(packages?.args).toEqual(expect.arrayContaining(['--require-hashes', '--only-binary']));
    expect(wheel?.args).toContain('--no-deps');
  }
});

test('the folder goes by version and contents', async () => {
  const first = (await contents()).folder;
  expect(first).toMatch(/^server-1\.0\.0-[0-9a-f]{8}$/);
  await writeFile(join(site.bundled, 'requirements.txt'), 'other pins');
  expect((await contents()).folder).not.toBe(first);
});

test('an extension without a wheel says so', async () => {
  await rm(join(site.bundled, 'secant-1.0.0-py3-none-any.whl'));
  await writeFile(join(site.bundled, 'secant-0.9.0-py3-none-any.whl'), 'older');
  await expect(contents()).rejects.toThrow(/brings no server.*secant\.server\.command/);
});

test.each([
  ["pip's connection", 'WARNING: Retrying\nNewConnectionError: [Errno 111] Connection refused'],
  ["pip's end", 'ERROR: No matching distribution found for attrs==26.1.0'],
  ["uv's", 'error: Failed to fetch: `https://…/attrs/`\n  Caused by: dns error: failed to lookup address'],
])('offline says what to run by hand and names the setting: %s', async (_, errors) => {
  const { run } = machine((line) =>
    line.includes('--require-hashes') ? { status: 1, output: '', errors } : undefined,
  );
  const attempt = install(await contents(), PYTHON, context(run));
  await expect(attempt).rejects.toThrow(/package index cannot be reached/);
  await expect(attempt).rejects.toThrow(
    /"\/usr\/bin\/python3" -m venv ~\/secant && .*pip install ".*\.whl" and set secant\.server\.command to \["~\/secant\/bin\/python", "-m", "secant_server"\]/,
  );
  await expect(attempt).rejects.toMatchObject({ detail: expect.stringContaining(errors.split('\n')[0] ?? '') });
  expect(await readdir(site.storage)).toEqual([]);
});

test('a Python without venv', async () => {
  const errors = 'The virtual environment was not created successfully because ensurepip is not available.';
  const { run } = machine((line) => (line.includes('-m venv') ? { status: 1, output: errors, errors: '' } : undefined));
  await expect(install(await contents(), PYTHON, context(run))).rejects.toThrow(/apt install python3-venv/);
});

test('any other failure is told in its own words', async () => {
  const errors = 'something\nOSError: [Errno 28] No space left on device\n';
  const { run } = machine((line) => (line.includes('--no-index') ? { status: 1, output: '', errors } : undefined));
  await expect(install(await contents(), PYTHON, context(run))).rejects.toThrow(/installed: OSError.*No space left/);
});

test('an environment that does not work is not kept', async () => {
  const broken = { status: 1, output: '', errors: 'ImportError: wrong architecture' };
  const { run } = machine((line) => (line.includes('import secant_server') ? broken : undefined));
  await expect(install(await contents(), PYTHON, context(run))).rejects.toThrow(/wrong architecture/);
  expect(await installed(site, await contents())).toBeUndefined();
  expect(await readdir(site.storage)).toEqual([]);
});

test('cancelled is said as such', async () => {
  const abort = new AbortController();
  const { run } = machine((line) => {
    if (line.includes('--require-hashes')) {
      abort.abort();
      return { status: null, output: '', errors: 'The operation was aborted' };
    }
    return undefined;
  });
  await expect(install(await contents(), PYTHON, context(run, abort.signal))).rejects.toThrow(/was cancelled/);
});

test('two windows at the same time: both have it, and one environment is there', async () => {
  const environments = await Promise.all(
    [machine(), machine()].map(async ({ run }) => install(await contents(), PYTHON, context(run))),
  );
  expect(new Set(environments).size).toBe(1);
  expect(await readdir(site.storage)).toEqual([(await contents()).folder]);
});

test('the window that is later leaves the environment of the first as it is: a server may run in it', async () => {
  const first = await install(await contents(), PYTHON, context(machine().run));
  await writeFile(join(dirname(first), 'in use'), '');
  expect(await install(await contents(), PYTHON, context(machine().run))).toBe(first);
  expect(await readdir(dirname(first))).toContain('in use');
});

test('an environment whose Python has gone is made anew', async () => {
  const folder = join(site.storage, (await contents()).folder);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await symlink(join(root, 'no-such-python'), join(folder, 'bin', 'python'));
  expect(await installed(site, await contents())).toBeUndefined();

  const interpreter = await install(await contents(), PYTHON, context(machine().run));
  expect(await installed(site, await contents())).toBe(interpreter);
  expect(await readdir(site.storage)).toEqual([(await contents()).folder]);
});
