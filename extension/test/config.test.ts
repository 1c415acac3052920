import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { forServer, serverSettings } from '../src/config';

const read = (values: Record<string, unknown>) => (key: string) => values[key];
const nobody = async () => undefined;

test('without settings the server is the bundled one', () => {
  expect(serverSettings(read({}))).toEqual({ command: undefined, python: undefined });
  expect(serverSettings(read({ 'server.command': [], 'server.python': '' }))).toEqual({
    command: undefined,
    python: undefined,
  });
  expect(serverSettings(read({ 'server.command': null, 'server.python': null }))).toEqual({
    command: undefined,
    python: undefined,
  });
});

test('a command, with the home folder written out', () => {
  const settings = serverSettings(read({ 'server.command': ['~/s/bin/python', '-m', '~/x'], 'server.python': '~/py' }));
  expect(settings.command).toEqual([join(homedir(), 's/bin/python'), '-m', '~/x']);
  expect(settings.python).toBe(join(homedir(), 'py'));
});

test.each([['python -m secant_server'], [[1]], [{ a: 1 }]])('a command of the wrong type is named: %j', (value) => {
  expect(() => serverSettings(read({ 'server.command': value }))).toThrow(/secant\.server\.command is .*Set it to/);
});

test('a Python of the wrong type is named', () => {
  expect(() => serverSettings(read({ 'server.python': 3 }))).toThrow(/secant\.server\.python is 3/);
});

test('the server gets its own settings and nothing else', async () => {
  const section = { codeLens: 'off', server: { command: ['x'] }, trace: { server: 'off' }, maxSeconds: 0 };
  expect(await forServer(section, nobody)).toEqual({
    interpreter: null,
    optimizer: null,
    promptOptimizer: null,
    promptMetric: null,
    maxSeconds: 0,
    maxEvaluations: null,
    codeLens: 'off',
    goal: null,
    notify: null,
    model: null,
    optimizerModel: null,
    baseUrl: null,
    keyVariable: null,
    maxUsd: null,
    maxCalls: null,
  });
});

test('the active environment fills an interpreter that is not set', async () => {
  const active = async () => '/env/bin/python';
  expect(await forServer({ interpreter: null }, active)).toMatchObject({ interpreter: '/env/bin/python' });
  expect(await forServer({ interpreter: '' }, active)).toMatchObject({ interpreter: '/env/bin/python' });
  expect(await forServer(null, active)).toMatchObject({ interpreter: '/env/bin/python' });
});

test('an interpreter that is set stays, and nobody is asked for another', async () => {
  const asked = () => Promise.reject(new Error('asked'));
  expect(await forServer({ interpreter: '/mine' }, asked)).toMatchObject({ interpreter: '/mine' });
  expect(await forServer({ interpreter: 7 }, asked)).toMatchObject({ interpreter: 7 }); // the server says what is wrong
});
