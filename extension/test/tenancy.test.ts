import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { claim, sweep } from '../src/tenancy';

const NOBODY = 2 ** 22 + 1; // above the highest process id of Linux
let storage: string;

beforeEach(async () => {
  storage = await mkdtemp(join(tmpdir(), 'secant-tenancy-'));
});

afterEach(() => rm(storage, { recursive: true }));

async function folder(name: string, pid?: number): Promise<string> {
  const path = join(storage, name);
  await mkdir(path);
  if (pid !== undefined) {
    await writeFile(join(path, `used-by-${pid}`), '');
  }
  return path;
}

test('older servers go once no living window uses them', async () => {
  await folder('server-1-kept');
  await folder('server-0-unused');
  await folder('server-0-left', NOBODY);
  await claim(await folder('server-0-used', NOBODY));
  await folder('settings');

  expect([...(await sweep(storage, 'server-1-kept'))].sort()).toEqual(['server-0-left', 'server-0-unused']);
  expect((await readdir(storage)).sort()).toEqual(['server-0-used', 'server-1-kept', 'settings']);
});

test('what nobody will finish goes, and what somebody is making stays', async () => {
  await folder(`unfinished-${NOBODY}-abc`);
  await folder(`unfinished-${process.pid}-abc`);
  await sweep(storage, 'server-1-kept');
  expect(await readdir(storage)).toEqual([`unfinished-${process.pid}-abc`]);
});

test('a storage that is not there has nothing to remove', async () => {
  expect(await sweep(join(storage, 'none'), 'x')).toEqual([]);
});
