import { expect, test, vi } from 'vitest';

import type { State } from '../src/protocol';
import { RunsProvider, showRuns } from '../src/runs';
import { Store } from '../src/state';
import { contextOf, groups } from '../src/tree';
import { aProposal, aRun, withAlternative } from './samples';
import { window } from './vscode';

const shape = (state: State) =>
  groups(state).map(({ id, entries }) => [
    id,
    entries.map((entry) => (entry.kind === 'run' ? entry.run.id : entry.proposal.id)),
  ]);

async function storeOf(state: State): Promise<Store> {
  const store = new Store(async () => state);
  await store.refresh();
  return store;
}

test('nothing has no groups, so that the welcome is shown', () => {
  expect(groups({ runs: [], proposals: [] })).toEqual([]);
});

test('groups by what there is to do, the pressing ones first', () => {
  const runs = (['finished', 'failed', 'interrupted', 'running', 'stopped'] as const).map((state) =>
    aRun({ id: state, state }),
  );
  const proposals = (['rejected', 'applied', 'stale', 'superseded', 'ready'] as const).map((standing) =>
    aProposal({ id: standing, run: standing, standing }),
  );
  expect(shape({ runs, proposals })).toEqual([
    ['running', ['running']],
    ['ready', ['ready']],
    ['stale', ['stale']],
    ['interrupted', ['interrupted']],
    ['applied', ['applied']],
    ['rejected', ['rejected']],
    ['over', ['finished', 'stopped']],
    ['failed', ['failed']],
  ]);
});

test('a prompt that was scored has nothing to be decided', () => {
  const runs = [aRun({ id: 'eval', judges: 'cases', state: 'finished', outcome: 'scored', summary: '72 %' })];
  expect(shape({ runs, proposals: [] })).toEqual([['scored', ['eval']]]);
});

test('a proposal stands for its run, by either name', () => {
  const runs = [aRun({ id: 'own', state: 'finished', proposal: 'p1' }), aRun({ id: 'p2', state: 'finished' })];
  const proposals = [aProposal({ id: 'p1', run: 'p1' }), aProposal({ id: 'p2', run: 'p2' })];
  expect(shape({ runs, proposals })).toEqual([['ready', ['p1', 'p2']]]);
});

test('a run that goes on stands for the proposal it left before', () => {
  const state = { runs: [aRun({ id: 'own', proposal: 'p1' })], proposals: [aProposal({ id: 'p1', run: 'p1' })] };
  expect(shape(state)).toEqual([['running', ['own']]]);
});

test('menus go by how an entry stands', () => {
  expect(contextOf({ kind: 'run', run: aRun(), group: 'running' })).toBe('run.running');
  expect(contextOf({ kind: 'proposal', proposal: aProposal(), group: 'ready' })).toBe('proposal.ready');
  expect(contextOf({ kind: 'proposal', proposal: withAlternative(), group: 'ready' })).toBe(
    'proposal.ready.alternatives',
  );
});

test('a proposal is drawn with its result, its place and its review', async () => {
  const provider = new RunsProvider(await storeOf({ runs: [], proposals: [withAlternative({ confirmed: false })] }));
  const [group] = provider.getChildren();
  const [entry] = provider.getChildren(group);
  const item = entry && provider.getTreeItem(entry);

  expect(item).toMatchObject({
    id: 'proposal/p1',
    label: 'order_total',
    description: 'fixed · 6/6 tests',
    contextValue: 'proposal.ready.alternatives',
    iconPath: { id: 'lightbulb-autofix' },
    command: { command: 'secant.review', arguments: [entry] },
    accessibilityInformation: { label: 'order_total, fixed · 6/6 tests, shop.py' },
  });
  expect(item?.tooltip).toMatchObject({ value: expect.stringContaining('There is one alternative') });
  expect(item?.tooltip).toMatchObject({ value: expect.stringContaining('before this was confirmed') });
});

test('a solution that was not judged once more says so, and nothing of tests', async () => {
  const proposals = [aProposal({ name: 'Solution (a.md)', judges: 'critique', confirmed: false })];
  const provider = new RunsProvider(await storeOf({ runs: [], proposals }));
  const [entry] = provider.getChildren(provider.getChildren()[0]);
  const text = String(entry && Object(provider.getTreeItem(entry).tooltip).value);
  expect(text).toContain('before this was judged once more');
  expect(text).not.toContain('fresh run');
});

test('names and results are text, whatever is in them', async () => {
  const proposals = [aProposal({ name: '__init__', rationale: '[x](command:evil)' })];
  const provider = new RunsProvider(await storeOf({ runs: [], proposals }));
  const [entry] = provider.getChildren(provider.getChildren()[0]);
  const text = (entry && (provider.getTreeItem(entry).tooltip as unknown as { value: string }).value) ?? '';
  expect(text).toContain('\\_\\_init\\_\\_');
  expect(text).toContain('\\[x\\]\\(command:evil\\)');
});

test('an applied proposal leads to its function, a run to its file', async () => {
  const state = { runs: [aRun()], proposals: [aProposal({ standing: 'applied' })] };
  const provider = new RunsProvider(await storeOf(state));
  const commands = provider
    .getChildren()
    .flatMap((group) => provider.getChildren(group))
    .map((entry) => provider.getTreeItem(entry).command);
  expect(commands[0]).toMatchObject({ command: 'vscode.open', arguments: [{ path: '/project/shop.py' }, {}] });
  expect(commands[1]).toMatchObject({ arguments: [{}, { selection: { start: { line: 3 }, end: { line: 3 } } }] });
});

test('groups that are over are folded', async () => {
  const state = { runs: [aRun(), aRun({ id: 'f', state: 'failed', outcome: 'no tests' })], proposals: [] };
  const provider = new RunsProvider(await storeOf(state));
  const items = provider.getChildren().map((group) => provider.getTreeItem(group));
  expect(items.map(({ label, collapsibleState }) => [label, collapsibleState])).toEqual([
    ['Running', 2],
    ['Failed', 1],
  ]);
  const failed = provider.getChildren(provider.getChildren()[1])[0];
  expect(failed && provider.getTreeItem(failed).description).toBe('no tests');
});

test('the view is drawn again when the server has news, and its badge counts what is ready', async () => {
  let state: State = { runs: [], proposals: [aProposal(), aProposal({ id: 'p2', run: 'p2' })] };
  const store = new Store(async () => state);
  const view = { badge: undefined as unknown, dispose: () => {} };
  window.createTreeView.mockReturnValueOnce(view as never);
  showRuns(store);
  const drawn = vi.fn();
  new RunsProvider(store).onDidChangeTreeData(drawn);

  await store.refresh();
  expect(view.badge).toEqual({ value: 2, tooltip: '2 proposals to review' });
  state = { runs: [], proposals: [] };
  await store.refresh();
  expect(view.badge).toBeUndefined();
  expect(drawn).toHaveBeenCalledTimes(2);
});
