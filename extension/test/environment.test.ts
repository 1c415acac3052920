import { beforeEach, expect, test, vi } from 'vitest';

import { Environments } from '../src/environment';
import { EventEmitter, extensions, silentLog, Uri } from './vscode';

const FOLDER = Uri.parse('file:///project');
let present: Record<string, { activate: () => Promise<unknown> }>;

beforeEach(() => {
  present = {};
  extensions.getExtension.mockImplementation((id: string) => present[id]);
});

function newer(interpreter: () => string | undefined) {
  const changed = new EventEmitter<void>();
  const getEnvironment = vi.fn(async () => {
    const executable = interpreter();
    return executable === undefined ? undefined : { execInfo: { run: { executable } } };
  });
  present['ms-python.vscode-python-envs'] = {
    activate: async () => ({ getEnvironment, onDidChangeEnvironment: changed.event }),
  };
  return { changed, getEnvironment };
}

function older(interpreter: () => string | undefined) {
  const changed = new EventEmitter<void>();
  const environments = {
    getActiveEnvironmentPath: () => ({ path: 'the one' }),
    resolveEnvironment: async ({ path }: { path: string }) => {
      const file = path === 'the one' ? interpreter() : 'something else';
      return { executable: { uri: file === undefined ? undefined : Uri.file(file) } };
    },
    onDidChangeActiveEnvironmentPath: changed.event,
  };
  present['ms-python.python'] = { activate: async () => ({ environments }) };
  return { changed };
}

test('without either extension nobody knows', async () => {
  expect(await new Environments(silentLog()).interpreter(FOLDER)).toBeUndefined();
});

test('the newer extension is asked first, with the folder', async () => {
  const { getEnvironment } = newer(() => '/new/python');
  older(() => '/old/python');
  expect(await new Environments(silentLog()).interpreter(FOLDER)).toBe('/new/python');
  expect(getEnvironment).toHaveBeenCalledWith(FOLDER);
});

test('the older is asked where the newer knows nothing', async () => {
  newer(() => undefined);
  older(() => '/old/python');
  expect(await new Environments(silentLog()).interpreter(FOLDER)).toBe('/old/python');
});

test('an extension that is switched off, or does not start, is passed over', async () => {
  older(() => '/old/python');
  present['ms-python.vscode-python-envs'] = { activate: async () => undefined };
  expect(await new Environments(silentLog()).interpreter(FOLDER)).toBe('/old/python');

  const log = silentLog();
  present['ms-python.vscode-python-envs'] = { activate: () => Promise.reject(new Error('broken')) };
  expect(await new Environments(log).interpreter(FOLDER)).toBe('/old/python');
  expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('broken'));
});

test('a question that fails is no end', async () => {
  newer(() => {
    throw new Error('no manager');
  });
  older(() => '/old/python');
  expect(await new Environments(silentLog()).interpreter(FOLDER)).toBe('/old/python');
});

test('only a different answer is a change, however often it is announced', async () => {
  let active = '/one';
  const [first, second] = [newer(() => active), older(() => '/unused')];
  const environments = new Environments(silentLog());
  await environments.interpreter(FOLDER);
  let changes = 0;
  const seen = new Promise<void>((resolve) => {
    environments.onDidChange(() => {
      changes += 1;
      resolve();
    });
  });

  first.changed.fire();
  await vi.waitFor(() => expect(first.getEnvironment).toHaveBeenCalledTimes(2));
  expect(changes).toBe(0);

  active = '/two';
  first.changed.fire();
  second.changed.fire();
  await seen;
  await vi.waitFor(() => expect(first.getEnvironment).toHaveBeenCalledTimes(4));
  first.changed.fire();
  await vi.waitFor(() => expect(first.getEnvironment).toHaveBeenCalledTimes(5));
  expect(changes).toBe(1);
});

test('an extension that is installed later is found', async () => {
  const environments = new Environments(silentLog());
  await environments.interpreter(FOLDER);
  const changed = new Promise<void>((resolve) => {
    environments.onDidChange(() => resolve());
  });
  newer(() => '/late/python');
  extensions.installed.fire();
  await changed;
  expect(await environments.interpreter(FOLDER)).toBe('/late/python');
});
