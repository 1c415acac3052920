import { beforeEach, expect, test, vi } from 'vitest';

import { type Choice, type Chosen, changes, modelItems } from '../src/catalogue';
import { Keys } from '../src/keys';
import { LentModels } from '../src/lent';
import { chooseModel, wrongModel } from '../src/models';
import type { ModelView } from '../src/protocol';
import { modelStatus } from '../src/status';
import { aMemory, aModel, aSafe } from './samples';
import { commands, silentLog, window, workspace } from './vscode';

const NONE: Chosen = { model: null, baseUrl: null, keyVariable: null, optimizer: '' };
const URL_OF_MINE = 'http://127.0.0.1:11434/v1';

const KNOWN: readonly ModelView[] = [
  { name: 'openai/gpt-x', source: 'project', detail: '[tool.secant] of this project', price: '' },
  { name: 'openai/qwen3', source: 'local', detail: 'Ollama', price: 'free', baseUrl: URL_OF_MINE },
  { name: 'anthropic/claude', source: 'key', detail: 'key in ANTHROPIC_API_KEY', price: '$1 in' },
  { name: 'groq/...', source: 'key', detail: 'key in GROQ_API_KEY' },
];

beforeEach(() => {
  vi.clearAllMocks();
  workspace.workspaceFolders = undefined;
  window.activeTextEditor = undefined;
});

const labels = (...given: Parameters<typeof modelItems>) => modelItems(...given).map(({ label }) => label);

test('every source is a group, and none of them is empty', () => {
  expect(labels([aModel([]), aModel([], { version: '2' })], KNOWN, NONE)).toEqual([
    'No model',
    'this project',
    '$(check) openai/gpt-x',
    'lent by this editor',
    'GPT',
    'on this machine',
    'openai/qwen3',
    'with your key',
    'anthropic/claude',
    'groq/...',
    'more',
    'Another…',
    'Set an API key…',
  ]);
});

test('without any model the list says how to get one', () => {
  expect(labels([], [], NONE)).toEqual([
    '$(check) No model',
    'more',
    'Another…',
    'Set an API key…',
    'How to get a model',
  ]);
});

test('the current one is marked', () => {
  expect(labels([aModel([])], [], { ...NONE, model: 'vscode:copilot/gpt' })).toContain('$(check) GPT');
  expect(labels([], KNOWN, { ...NONE, optimizer: 'rewrite' })[0]).toBe('$(check) No model');
  expect(labels([], KNOWN, NONE)[0]).toBe('No model');
});

test.each<[Choice, Partial<Chosen>, Partial<Chosen>]>([
  [{ kind: 'none', named: false }, { model: 'a/b' }, { model: null }],
  [{ kind: 'none', named: true }, {}, { optimizer: 'rewrite' }],
  [
    { kind: 'none', named: false },
    { model: 'a/b', optimizer: 'textgrad' },
    { model: null, optimizer: 'rewrite' },
  ],
  [{ kind: 'project' }, { model: 'a/b', optimizer: 'rewrite' }, { model: null, optimizer: '' }],
  [{ kind: 'lent', model: 'vscode:a/b' }, { optimizer: 'textgrad' }, { model: 'vscode:a/b' }],
  [
    { kind: 'local', model: 'openai/q', baseUrl: 'u' },
    { keyVariable: 'K' },
    { model: 'openai/q', baseUrl: 'u', keyVariable: null },
  ],
  [
    { kind: 'key', model: 'a/c' },
    { model: 'a/b', baseUrl: 'u' },
    { model: 'a/c', baseUrl: null },
  ],
  [{ kind: 'typed', start: 'openai/mine' }, { baseUrl: 'u', keyVariable: 'K' }, { model: 'openai/mine' }],
  [{ kind: 'key', model: 'a/b' }, { model: 'a/b' }, {}],
  [{ kind: 'setKey' }, { model: 'a/b' }, {}],
])('%j changes what has to change', (choice, now, changed) => {
  expect(changes(choice, { ...NONE, ...now })).toEqual(changed);
});

function choosing(settings: Record<string, unknown>, global: Record<string, unknown> = {}) {
  const updated: unknown[][] = [];
  workspace.getConfiguration.mockImplementation(() => ({
    get: (key: string) => settings[key],
    inspect: (key: string) => ({ globalValue: global[key] }),
    update: async (...change: unknown[]) => {
      updated.push(change);
    },
  }));
  const source = { selectChatModels: async () => [aModel([])], onDidChangeChatModels: () => ({ dispose: () => {} }) };
  const execute = vi.fn(async (..._: unknown[]): Promise<unknown> => KNOWN);
  const safe = aSafe();
  const keys = new Keys(safe, aMemory());
  const lent = new LentModels(source);
  const choose = (label: string) => {
    window.showQuickPick.mockImplementationOnce((async (items: Promise<{ label: string }[]>) =>
      (await items).find((item) => item.label === label)) as never);
    return chooseModel({ lent, keys, execute, log: silentLog() });
  };
  return { choose, updated, execute, safe, keys };
}

test('a choice is a setting of the workspace, or of the user where there is none', async () => {
  const alone = choosing({});
  await alone.choose('GPT');
  expect(alone.updated).toEqual([['model', 'vscode:copilot/gpt', 1]]);
  workspace.workspaceFolders = [{}];
  const folder = choosing({});
  await folder.choose('openai/qwen3');
  expect(folder.updated).toEqual([
    ['model', 'openai/qwen3', 2],
    ['baseUrl', URL_OF_MINE, 1],
  ]);
});

test("no model removes the setting, and covers the user's where there is one", async () => {
  workspace.workspaceFolders = [{}];
  const own = choosing({ model: 'a/b' });
  await own.choose('No model');
  expect(own.updated).toEqual([
    ['model', undefined, 2],
    ['optimizer', 'rewrite', 2],
  ]);
  const covered = choosing({ model: 'a/b' }, { model: 'a/b' });
  await covered.choose('No model');
  expect(covered.updated[0]).toEqual(['model', null, 2]);
});

test('a model whose key is missing leads to the key', async () => {
  vi.stubEnv('MISTRAL_API_KEY', '');
  const { choose, updated, safe } = choosing({});
  window.showInputBox.mockResolvedValueOnce('mistral/large').mockResolvedValueOnce('sk-0123456789');
  window.showInformationMessage.mockResolvedValueOnce('Set API Key');
  await choose('Another…');
  expect(updated).toEqual([['model', 'mistral/large', 1]]);
  expect([...safe.values]).toEqual([['MISTRAL_API_KEY', 'sk-0123456789']]);
  vi.unstubAllEnvs();
});

test('a model whose key is there, or that needs none, leads nowhere', async () => {
  const { choose, keys } = choosing({});
  await keys.store('ANTHROPIC_API_KEY', 'sk-0123456789');
  await choose('anthropic/claude');
  await choose('openai/qwen3');
  await choose('GPT');
  expect(window.showInformationMessage).not.toHaveBeenCalled();
});

test('a provider whose models are not listed is the beginning of a name', async () => {
  const { choose } = choosing({});
  await choose('groq/...');
  expect(window.showInputBox).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ value: 'groq/' }));
});

test('where the server does not answer, the other models are listed', async () => {
  const { choose, execute, updated } = choosing({});
  execute.mockRejectedValueOnce(new Error('not running'));
  await choose('GPT');
  expect(updated).toHaveLength(1);
});

test('a key and help are a click away', async () => {
  const { choose, execute, updated } = choosing({});
  await choose('Set an API key…');
  expect(window.showQuickPick).toHaveBeenCalledTimes(2);
  execute.mockResolvedValueOnce([]);
  await choose('How to get a model'); // not listed: the editor lends one
  expect(commands.executeCommand).not.toHaveBeenCalled();
  expect(updated).toEqual([]);
});

test('a name has a provider and no spaces', () => {
  expect(wrongModel('openai/gpt-4o')).toBeUndefined();
  expect(wrongModel('gpt-4o')).toBeUndefined();
  expect([wrongModel(''), wrongModel('a b'), wrongModel('openai/')]).not.toContain(undefined);
});

test('the status says which model is asked', () => {
  expect(modelStatus(NONE)).toEqual({ text: 'No model', detail: 'unless pyproject.toml names one' });
  expect(modelStatus({ ...NONE, model: 'a/b', optimizer: 'rewrite' })).toMatchObject({
    detail: 'rules and search only',
  });
  expect(modelStatus({ ...NONE, model: 'a/b' }).text).toBe('a/b');
});
