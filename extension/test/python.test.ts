import { expect, test } from 'vitest';

import type { Run } from '../src/process';
import { candidates, findPython } from '../src/python';

/** A machine with these programs, each a Python of a version. */
function machine(programs: Record<string, string>): Run {
  return async (program, args) => {
    const version = programs[[program, ...args.filter((arg) => /^-\d/.test(arg))].join(' ')];
    return version === undefined
      ? { status: null, output: '', errors: 'ENOENT' }
      : { status: 0, output: `/usr/bin/${program}\n${version}\n`, errors: '' };
  };
}

const LINUX = candidates('linux');

test('the first that is new enough', async () => {
  const run = machine({ python3: '3.9.2', python: '2.7.18', 'python3.12': '3.12.1', 'python3.11': '3.11.0' });
  expect(await findPython(run, undefined, LINUX)).toEqual({ path: '/usr/bin/python3.12', version: '3.12.1' });
});

test('3.11 is new enough, and so is 4.0', async () => {
  expect(await findPython(machine({ python3: '3.11.0' }), undefined, LINUX)).toMatchObject({ version: '3.11.0' });
  expect(await findPython(machine({ python3: '4.0.0' }), undefined, LINUX)).toMatchObject({ version: '4.0.0' });
});

test('on Windows the launcher knows the versions', async () => {
  const run = machine({ python: '3.10.0', 'py -3.13': '3.13.2' });
  expect(await findPython(run, undefined, candidates('win32'))).toMatchObject({ version: '3.13.2' });
});

test('a chosen one is the only one', async () => {
  const run = machine({ '/mine': '3.14.0', python3: '3.12.0' });
  expect(await findPython(run, '/mine', LINUX)).toMatchObject({ version: '3.14.0' });
  await expect(findPython(run, '/gone', LINUX)).rejects.toThrow(/"\/gone", which secant\.server\.python names/);
});

test('no Python at all', async () => {
  await expect(findPython(machine({}), undefined, LINUX)).rejects.toThrow(/found no Python.*secant\.server\.python/);
});

test('one that is too old is named, with its version and what to do', async () => {
  const run = machine({ python3: '3.10.4' });
  await expect(findPython(run, undefined, LINUX)).rejects.toThrow(
    /3\.11 or newer.*\/usr\/bin\/python3 is 3\.10\.4.*Name another in secant\.server\.python/,
  );
});

test('a program that says nothing sensible is no Python', async () => {
  const run: Run = async () => ({ status: 0, output: 'hello', errors: '' });
  await expect(findPython(run, undefined, LINUX)).rejects.toThrow(/found no Python/);
});
