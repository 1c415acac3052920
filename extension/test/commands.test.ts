import { beforeEach, expect, test, vi } from 'vitest';

import { proposalUri } from '../src/addresses';
import { registerCommands } from '../src/commands';
import { createNotices } from '../src/notices';
import type { State } from '../src/protocol';
import { Review } from '../src/review';
import { Store } from '../src/state';
import { Trouble } from '../src/trouble';
import { aProposal, aRun } from './samples';
import { commands, silentLog, Uri, window } from './vscode';

const FILE = Uri.parse('file:///project/shop.py');

beforeEach(() => {
  vi.clearAllMocks();
  window.activeTextEditor = undefined;
});

async function registered(state: Partial<State> = {}) {
  const store = new Store(async () => ({ runs: [], proposals: [], ...state }));
  await store.refresh();
  const execute = vi.fn(async (): Promise<unknown> => true);
  const handlers = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  commands.registerCommand.mockImplementation(((id: string, handler: never) => {
    handlers.set(id, handler);
    return { dispose: () => {} };
  }) as never);
  const log = silentLog();
  registerCommands({
    execute: execute,
    store,
    review: new Review(store, execute),
    notices: createNotices(log),
    restart: async () => {},
    showLog: () => {},
    tryDemo: async () => {},
    chooseModel: async () => {},
    setKey: async () => {},
    removeKey: async () => {},
    withdrawConsent: async () => {},
  });
  const call = (id: string, ...args: unknown[]) => handlers.get(id)?.(...args) ?? Promise.reject(new Error(id));
  return { call, execute, handlers, log };
}

const cursor = { document: { uri: FILE }, selection: { active: { line: 4, character: 2 } } };
const position = { line: 4, character: 2 };

test('a run starts where the cursor is, with the goal that was asked for', async () => {
  const { call, execute } = await registered();
  window.activeTextEditor = cursor;
  await call('secant.optimizeHere', FILE); // a menu gives the file
  await call('secant.fixHere');
  await call('secant.fasterHere');
  expect(execute.mock.calls).toEqual([
    ['secant.optimize', { uri: FILE.toString(), position }],
    ['secant.optimize', { uri: FILE.toString(), position, goal: 'fix' }],
    ['secant.optimize', { uri: FILE.toString(), position, goal: 'faster' }],
  ]);
});

test('the prompt in the file that is edited is refined and scored', async () => {
  const { call, execute } = await registered();
  window.activeTextEditor = cursor;
  await call('secant.refinePrompt', FILE);
  await call('secant.scorePrompt');
  const uri = FILE.toString();
  expect(execute.mock.calls).toEqual([
    ['secant.refine', { uri, position }],
    ['secant.eval', { uri, position }],
  ]);
});

test('a solution is refined where the cursor is, and a section where something is selected', async () => {
  const { call, execute } = await registered();
  const document = { uri: Uri.parse('file:///project/problem.md') };
  const start = { line: 2, character: 3 };
  const select = (line: number, character: number) => {
    const end = { line, character };
    window.activeTextEditor = { document, selection: { active: end, start, end, isEmpty: line === 2 } };
  };
  for (const [line, character] of [
    [2, 3],
    [9, 0],
    [9, 1],
  ] as const) {
    select(line, character);
    await call('secant.refineHere');
  }
  const uri = String(document.uri);
  expect(execute.mock.calls).toEqual([
    ['secant.solve', { uri, position: start }],
    ['secant.solve', { uri, position: start, end: { line: 8, character: 0 } }],
    ['secant.solve', { uri, position: start, end: { line: 9, character: 0 } }],
  ]);
});

test('without an editor it says what to do', async () => {
  const { call, execute } = await registered();
  await call('secant.optimizeHere');
  await call('secant.refineHere');
  expect(execute).not.toHaveBeenCalled();
  expect(window.showErrorMessage.mock.calls).toEqual([
    [expect.stringContaining('Open a Python file')],
    [expect.stringContaining('Open a Markdown file')],
  ]);
});

test('a proposal is named by a lens, by the tree and by its document', async () => {
  const { call, execute } = await registered({ proposals: [aProposal()] });
  await call('secant.acceptProposal', 'p1', 2);
  await call('secant.acceptProposal', { kind: 'proposal', proposal: aProposal(), group: 'ready' });
  await call('secant.acceptProposal', proposalUri({ proposal: 'p1', option: 1 }, FILE), { groupId: 0 });
  expect(execute.mock.calls).toEqual([
    ['secant.accept', { proposal: 'p1', option: 2 }],
    ['secant.accept', { proposal: 'p1', option: 0 }],
    ['secant.accept', { proposal: 'p1', option: 1 }],
  ]);
});

test('the palette takes the only one, asks among several, and does nothing without any', async () => {
  const one = await registered({ proposals: [aProposal(), aProposal({ id: 'old', standing: 'applied' })] });
  await one.call('secant.rejectProposal');
  expect(one.execute).toHaveBeenCalledExactlyOnceWith('secant.reject', { proposal: 'p1' });

  const two = await registered({ proposals: [aProposal(), aProposal({ id: 'p2' })] });
  await two.call('secant.rejectProposal');
  expect(two.execute).not.toHaveBeenCalled();
  window.showQuickPick.mockImplementationOnce((async (items: unknown[]) => items[1]) as never);
  await two.call('secant.rejectProposal');
  expect(two.execute).toHaveBeenCalledExactlyOnceWith('secant.reject', { proposal: 'p2' });

  const none = await registered();
  await none.call('secant.rejectProposal');
  expect(none.execute).not.toHaveBeenCalled();
});

test('what is stale runs again', async () => {
  const { call, execute } = await registered({ proposals: [aProposal(), aProposal({ id: 'p2', standing: 'stale' })] });
  await call('secant.runAgain');
  expect(execute).toHaveBeenCalledExactlyOnceWith('secant.rerun', { proposal: 'p2' });
});

test('runs are stopped, dropped and resumed', async () => {
  const runs = [aRun(), aRun({ id: 'r2', state: 'interrupted' })];
  const { call, execute } = await registered({ runs });
  await call('secant.stopRun', { kind: 'run', run: runs[0], group: 'running' });
  await call('secant.stopRun');
  await call('secant.discardRun', 'r1');
  await call('secant.resumeRun');
  expect(execute.mock.calls).toEqual([
    ['secant.stop', { run: 'r1' }],
    ['secant.stop', { run: 'r1' }],
    ['secant.discard', { run: 'r1' }],
    ['secant.resume', { run: 'r2' }],
  ]);
});

test('a report is a page, of a run or of the run that a proposal came of', async () => {
  const { call } = await registered({ runs: [aRun()], proposals: [aProposal({ run: 'r7', name: 'Basket.total' })] });
  await call('secant.openReport', 'r1');
  await call('secant.openReport', { kind: 'proposal', proposal: aProposal({ run: 'r7' }), group: 'ready' });
  await call('secant.openReport', 'r8');
  expect(commands.executeCommand.mock.calls.map(([id, uri]) => [id, String(uri)])).toEqual([
    ['markdown.showPreview', 'secant:/run/r1/order_total.md'],
    ['markdown.showPreview', 'secant:/run/r7/Basket.total.md'],
    ['markdown.showPreview', 'secant:/run/r8/report.md'],
  ]);
});

test('trouble is said with its remedies, and its detail is in the log', async () => {
  const { call, execute, log } = await registered();
  window.activeTextEditor = cursor;
  execute.mockRejectedValueOnce(new Trouble('It is not running.', 'the detail', ['retry', 'log']));
  window.showErrorMessage.mockResolvedValueOnce('Try Again');
  await call('secant.optimizeHere');
  expect(window.showErrorMessage).toHaveBeenCalledExactlyOnceWith('It is not running.', 'Try Again', 'Show Log');
  expect(log.error.mock.calls).toEqual([['It is not running.'], ['the detail']]);
  await vi.waitFor(() => expect(commands.executeCommand).toHaveBeenCalledExactlyOnceWith('secant.restart'));
});

test('a fault of its own is said too', async () => {
  const { call, execute } = await registered();
  window.activeTextEditor = cursor;
  execute.mockRejectedValueOnce(new TypeError('x is undefined'));
  await call('secant.optimizeHere');
  expect(window.showErrorMessage).toHaveBeenCalledExactlyOnceWith('Secant: x is undefined', 'Show Log');
});
