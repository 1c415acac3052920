import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { interpreterOf, packaged, type Site } from '../src/install';
import { serverCommand } from '../src/server';
import { silentLog, window } from './vscode';

let root: string;
let site: Site;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'secant-server-'));
  site = { storage: join(root, 'storage'), bundled: join(root, 'bundled'), version: '1.0.0', platform: 'linux' };
});

afterEach(() => rm(root, { recursive: true }));

test('a command of the user is taken as it is, and starts in no folder of the user', async () => {
  const command = [process.execPath, '-m', 'secant_server'];
  expect(await serverCommand({ command, python: undefined }, site, silentLog())).toEqual({
    program: process.execPath,
    args: ['-m', 'secant_server'],
    cwd: site.storage,
  });
  expect(await readdir(root)).toEqual(['storage']);
});

test('a command may be found on the PATH', async () => {
  const command = ['node', 'x'];
  expect(await serverCommand({ command, python: undefined }, site, silentLog())).toMatchObject({ program: 'node' });
});

test.each(['/no/such/python', 'no-such-python', 'relative/python'])('%s is no program', async (program) => {
  const attempt = serverCommand({ command: [program], python: undefined }, site, silentLog());
  await expect(attempt).rejects.toThrow(`"${program}", which secant.server.command names, is no program`);
});

test('an environment that is there is used, apart from all modules of the user', async () => {
  await mkdir(site.bundled);
  await writeFile(join(site.bundled, 'secant-1.0.0-py3-none-any.whl'), 'wheel');
  await writeFile(join(site.bundled, 'requirements.txt'), 'pins');
  const environment = join(site.storage, (await packaged(site)).folder);
  const interpreter = interpreterOf(environment, 'linux');
  await mkdir(dirname(interpreter), { recursive: true });
  await writeFile(interpreter, '');
  await chmod(interpreter, 0o755);

  expect(await serverCommand({ command: undefined, python: undefined }, site, silentLog())).toEqual({
    program: interpreter,
    args: ['-I', '-m', 'secant_server'],
    cwd: site.storage,
  });
  expect(window.withProgress).not.toHaveBeenCalled();
  expect(await readdir(environment)).toContain(`used-by-${process.pid}`);
});
