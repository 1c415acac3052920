import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test, vi } from 'vitest';

import { askForKey, forgetKey, Keys, wrongKey, wrongName } from '../src/keys';
import { PROVIDERS, providerOf } from '../src/providers';
import { aMemory, aSafe } from './samples';
import { window } from './vscode';

const KEY = 'sk-very-secret-0123456789';

beforeEach(() => {
  vi.clearAllMocks();
});

function stored() {
  const [safe, memory] = [aSafe(), aMemory()];
  const keys = new Keys(safe, memory);
  const changes: string[] = [];
  keys.onDidChange((name) => changes.push(name));
  return { keys, safe, memory, changes };
}

const pick = (label: string) =>
  window.showQuickPick.mockImplementationOnce((async (items: { label: string }[]) =>
    items.find((item) => item.label === label)) as never);

test('a key is in the secret storage alone; its name is remembered beside it', async () => {
  const { keys, safe, memory, changes } = stored();
  await keys.store('OPENAI_API_KEY', KEY);
  expect(safe.values.get('OPENAI_API_KEY')).toBe(KEY);
  expect(JSON.stringify([...memory.values])).not.toContain(KEY);
  expect(keys.names).toEqual(['OPENAI_API_KEY']);
  expect(await keys.environment()).toEqual({ OPENAI_API_KEY: KEY });
  await keys.remove('OPENAI_API_KEY');
  expect([safe.values.size, keys.names, await keys.environment()]).toEqual([0, [], {}]);
  expect(changes).toEqual(['OPENAI_API_KEY', 'OPENAI_API_KEY']);
});

test('when a change is told, its name is known', async () => {
  const { keys } = stored();
  let names: readonly string[] = [];
  keys.onDidChange(() => {
    ({ names } = keys);
  });
  await keys.store('A_KEY', KEY);
  expect(names).toEqual(['A_KEY']);
  await keys.remove('A_KEY');
  expect(names).toEqual([]);
});

test('a key that the storage has lost is left out', async () => {
  const { keys, safe } = stored();
  await keys.store('A_KEY', KEY);
  safe.values.clear();
  expect(await keys.environment()).toEqual({});
});

test('a key is asked for in a box that does not show it', async () => {
  const { keys, safe } = stored();
  pick('Anthropic');
  window.showInputBox.mockResolvedValueOnce(` ${KEY}\n`);
  await askForKey(keys);
  expect(window.showInputBox).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ password: true }));
  expect([...safe.values]).toEqual([['ANTHROPIC_API_KEY', KEY]]);
  expect(JSON.stringify(window.showInformationMessage.mock.calls)).not.toContain(KEY);
});

test('a variable may have any name that is one of a key', async () => {
  const { keys, safe } = stored();
  pick('Another…');
  window.showInputBox.mockResolvedValueOnce('MY_SERVER_KEY').mockResolvedValueOnce(KEY);
  await askForKey(keys);
  expect([...safe.values.keys()]).toEqual(['MY_SERVER_KEY']);
  expect(wrongName('MY_SERVER_KEY')).toBeUndefined();
  expect(wrongName('PATH')).toContain('KEY, TOKEN');
  expect(wrongName('1_KEY')).toContain('letters');
  expect(wrongName('')).toContain('letters');
});

test('a box that is closed changes nothing', async () => {
  const { keys, changes } = stored();
  await askForKey(keys);
  await askForKey(keys, PROVIDERS[0]);
  pick('Another…');
  await askForKey(keys);
  expect(changes).toEqual([]);
});

test('a key is a word', () => {
  expect(wrongKey(' abc ')).toBeUndefined();
  expect(wrongKey('  ')).toBe('Paste the key.');
  expect(wrongKey('a b')).toContain('no spaces');
});

test('a key is removed by its name', async () => {
  const { keys, safe } = stored();
  await expect(forgetKey(keys)).rejects.toThrow('There is no key');
  await keys.store('OPENAI_API_KEY', KEY);
  await keys.store('A_KEY', KEY);
  pick('OPENAI_API_KEY');
  await forgetKey(keys);
  expect([...safe.values.keys()]).toEqual(['A_KEY']);
});

test('the providers are those of the engine, with the same variables', () => {
  const file = fileURLToPath(new URL('../../optimizers/secant/models/environment.py', import.meta.url));
  const [, table = ''] = /KEY_VARIABLES[^{]*\{([^}]*)\}/.exec(readFileSync(file, 'utf8')) ?? [];
  const engine = [...table.matchAll(/"(\w+)": \(([^)]*)\)/g)].map(([, id, names = '']) => [
    id,
    ...[...names.matchAll(/"(\w+)"/g)].map(([, name]) => name),
  ]);
  const ours = PROVIDERS.map(({ id, variable, also }) => [id, variable, ...(also === undefined ? [] : [also])]);
  expect(ours.map((entry) => entry.join()).sort()).toEqual(engine.map((entry) => entry.join()).sort());
});

test('a model belongs to the provider before the slash', () => {
  expect(providerOf('openai/gpt-4o-mini')?.variable).toBe('OPENAI_API_KEY');
  expect(providerOf('ollama/qwen3')).toBeUndefined();
  expect(providerOf('openai')).toBeUndefined();
});
