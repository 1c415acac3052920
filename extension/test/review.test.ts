import { beforeEach, expect, test, vi } from 'vitest';

import { proposalUri } from '../src/addresses';
import type { ProposalView } from '../src/protocol';
import { choiceInSight, Review } from '../src/review';
import { Store } from '../src/state';
import { aProposal, withAlternative } from './samples';
import { commands, TabInputTextDiff, Uri, window } from './vscode';

const FILE = Uri.parse('file:///project/shop.py');
const FIRST = { proposal: 'p1', option: 0 };

beforeEach(() => {
  vi.clearAllMocks();
  window.tabGroups.all = [];
  window.tabGroups.activeTabGroup.activeTab = undefined;
});

async function reviewOf(proposals: ProposalView[], answer: unknown = true) {
  const store = new Store(async () => ({ runs: [], proposals }));
  await store.refresh();
  const execute = vi.fn(async () => answer);
  return { review: new Review(store, execute), execute, store };
}

function aTab(option = 0, proposal = 'p1') {
  const input = new TabInputTextDiff(FILE, proposalUri({ proposal, option }, FILE));
  return { input, group: { viewColumn: 2 }, isActive: false };
}

test('the file as it is, and the file with the proposal, from the function on', async () => {
  const { review } = await reviewOf([aProposal()]);
  await review.show(FIRST);
  expect(commands.executeCommand).toHaveBeenCalledExactlyOnceWith(
    'vscode.diff',
    expect.objectContaining({ scheme: 'file', path: '/project/shop.py' }),
    expect.objectContaining({ scheme: 'secant', path: '/proposal/p1/0/shop.py' }),
    'order_total: current ↔ fixed',
    expect.objectContaining({ selection: expect.objectContaining({ start: { line: 3, character: 0 } }) }),
  );
});

test('the server may ask for a proposal that is not listed yet', async () => {
  const { review } = await reviewOf([]);
  await review.requested({ proposal: 'new', uri: FILE.toString(), title: 'f: current ↔ 2x faster' });
  expect(commands.executeCommand.mock.calls[0]).toEqual([
    'vscode.diff',
    expect.objectContaining({ path: '/project/shop.py' }),
    expect.objectContaining({ path: '/proposal/new/0/shop.py' }),
    'f: current ↔ 2x faster',
    { preview: true },
  ]);
});

test('a stale proposal is not compared; running again is offered', async () => {
  const { review, execute } = await reviewOf([aProposal({ standing: 'stale' })]);
  await review.show(FIRST);
  expect(execute).not.toHaveBeenCalled();
  window.showWarningMessage.mockResolvedValueOnce('Run Again');
  await review.show(FIRST);
  expect(execute).toHaveBeenCalledExactlyOnceWith('secant.rerun', { proposal: 'p1' });
  expect(commands.executeCommand).not.toHaveBeenCalled();
});

test('an applied one leads to its function', async () => {
  const { review } = await reviewOf([aProposal({ standing: 'applied' })]);
  await review.show(FIRST);
  expect(window.showTextDocument).toHaveBeenCalledOnce();
  expect(commands.executeCommand).not.toHaveBeenCalled();
});

test('how it stands is asked for anew: an undo brings a proposal back', async () => {
  let standing: ProposalView['standing'] = 'applied';
  const store = new Store(async () => ({ runs: [], proposals: [aProposal({ standing })] }));
  await store.refresh();
  standing = 'ready';
  await new Review(store, async () => true).show(FIRST);
  expect(commands.executeCommand).toHaveBeenCalledExactlyOnceWith(
    'vscode.diff',
    expect.anything(),
    expect.anything(),
    expect.anything(),
    expect.anything(),
  );
});

test('one that is gone says what to do', async () => {
  const { review } = await reviewOf([]);
  await expect(review.show(FIRST)).rejects.toThrow(/not offered any more.*Run Secant again/);
});

test('accepting goes to the function first, and closes every comparison of the proposal then', async () => {
  const { review, execute } = await reviewOf([withAlternative()]);
  const [mine, other, elsewhere] = [aTab(0), aTab(1), aTab(0, 'p2')];
  window.tabGroups.all = [{ tabs: [mine, elsewhere] }, { tabs: [other, { input: undefined }] }];

  expect(await review.accept({ proposal: 'p1', option: 1 })).toBe(true);

  expect(execute).toHaveBeenCalledExactlyOnceWith('secant.accept', { proposal: 'p1', option: 1 });
  expect(window.showTextDocument).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ path: '/project/shop.py' }),
    expect.objectContaining({ viewColumn: 2, preview: false, selection: expect.anything() }),
  );
  expect(window.tabGroups.close).toHaveBeenCalledExactlyOnceWith([mine, other]);
  const order = (spy: { mock: { invocationCallOrder: number[] } }) => spy.mock.invocationCallOrder[0] ?? 0;
  expect(order(window.showTextDocument)).toBeLessThan(order(window.tabGroups.close));
});

test.each([['accept'], ['reject']] as const)('what the server declines to %s stays in sight', async (act) => {
  const { review } = await reviewOf([aProposal()], false);
  window.tabGroups.all = [{ tabs: [aTab()] }];
  expect(await review[act](FIRST)).toBe(false);
  expect(window.tabGroups.close).not.toHaveBeenCalled();
  expect(window.showTextDocument).not.toHaveBeenCalled();
});

test('rejecting from the list opens nothing', async () => {
  const { review, execute } = await reviewOf([aProposal()]);
  expect(await review.reject(FIRST)).toBe(true);
  expect(execute).toHaveBeenCalledExactlyOnceWith('secant.reject', { proposal: 'p1' });
  expect(window.showTextDocument).not.toHaveBeenCalled();
});

test('an alternative that is picked takes the place of what was compared', async () => {
  const { review } = await reviewOf([withAlternative()]);
  const before = aTab(0);
  window.tabGroups.all = [{ tabs: [before] }];
  window.showQuickPick.mockImplementationOnce((async (items: { option: number }[]) => items[1]) as never);
  commands.executeCommand.mockImplementationOnce(async () => {
    window.tabGroups.all = [{ tabs: [before, aTab(1)] }];
  });

  await review.choose(FIRST);

  expect(commands.executeCommand.mock.calls[0]?.slice(0, 3)).toEqual([
    'vscode.diff',
    expect.anything(),
    expect.objectContaining({ path: '/proposal/p1/1/shop.py' }),
  ]);
  expect(window.tabGroups.close).toHaveBeenCalledExactlyOnceWith([before]);
});

test('a pick that is left changes nothing, and there may be nothing to pick', async () => {
  const { review } = await reviewOf([withAlternative(), aProposal({ id: 'p2' })]);
  await review.choose(FIRST);
  await review.choose({ proposal: 'p2', option: 0 });
  expect(window.showQuickPick).toHaveBeenCalledOnce();
  expect(window.showInformationMessage).toHaveBeenCalledExactlyOnceWith('There are no alternatives for order_total.');
  expect(commands.executeCommand).not.toHaveBeenCalled();
});

test('the comparison in sight is that of the active tab', () => {
  expect(choiceInSight()).toBeUndefined();
  window.tabGroups.activeTabGroup.activeTab = aTab(1);
  expect(choiceInSight()).toEqual({ proposal: 'p1', option: 1 });
});
