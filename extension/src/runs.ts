/** The view of runs and proposals: draws the groups of `tree.ts` with icons, tooltips and what a click does. */

import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';

import type { ProposalView, RunView } from './protocol';
import { type Store, standing } from './state';
import { contextOf, type Entry, type Group, type GroupId, groups, type Node } from './tree';

const ICONS: Readonly<Record<GroupId, readonly [icon: string, color?: string]>> = {
  running: ['sync~spin'],
  ready: ['lightbulb-autofix', 'charts.green'],
  stale: ['history', 'charts.yellow'],
  interrupted: ['debug-pause', 'charts.yellow'],
  applied: ['check', 'charts.green'],
  scored: ['checklist'],
  rejected: ['circle-slash'],
  over: ['dash'],
  failed: ['error', 'charts.red'],
};
const FOLDED: ReadonlySet<GroupId> = new Set(['applied', 'rejected', 'over', 'failed']);

export class RunsProvider implements TreeDataProvider<Node>, Disposable {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #store: Store;
  readonly #subscription: Disposable;

  constructor(store: Store) {
    this.#store = store;
    this.#subscription = store.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      return [...groups(this.#store.state)];
    }
    return node.kind === 'group' ? [...node.entries] : [];
  }

  getTreeItem(node: Node): TreeItem {
    return node.kind === 'group' ? groupItem(node) : entryItem(node);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

/** Shows the view; its badge counts what waits for a decision. */
export function showRuns(store: Store): Disposable[] {
  const provider = new RunsProvider(store);
  const view = window.createTreeView('secant.runs', { treeDataProvider: provider });
  const count = store.onDidChange((state) => {
    const value = standing(state, 'ready').length;
    const tooltip = value === 1 ? l10n.t('1 proposal to review') : l10n.t('{0} proposals to review', value);
    view.badge = value > 0 ? { value, tooltip } : undefined;
  });
  return [view, provider, count];
}

function groupItem(group: Group): TreeItem {
  const folded = FOLDED.has(group.id) ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(group.label, folded);
  item.id = group.id;
  item.description = String(group.entries.length);
  item.contextValue = `group.${group.id}`;
  return item;
}

function entryItem(entry: Entry): TreeItem {
  const view = entry.kind === 'run' ? entry.run : entry.proposal;
  const file = Uri.parse(view.uri);
  const path = workspace.asRelativePath(file);
  const item = new TreeItem(view.name, TreeItemCollapsibleState.None);
  const said = entry.kind === 'run' ? runWords(entry.run) : entry.proposal.summary;
  const [icon, color] = ICONS[entry.group];
  item.id = `${entry.kind}/${view.id}`;
  item.description = said;
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
  item.contextValue = contextOf(entry);
  item.accessibilityInformation = { label: `${view.name}, ${said}, ${path}` };
  item.tooltip = entry.kind === 'run' ? runTooltip(entry.run, path) : proposalTooltip(entry.proposal, path);
  item.command = click(entry, file);
  return item;
}

/** A proposal that is ready is reviewed; everything else leads to its function. */
function click(entry: Entry, file: Uri): NonNullable<TreeItem['command']> {
  if (entry.group === 'ready') {
    return { command: 'secant.review', title: l10n.t('Review'), arguments: [entry] };
  }
  const range = entry.kind === 'proposal' ? entry.proposal.range : null;
  const selection = range === null ? {} : { selection: { ...range, end: range.start } };
  return { command: 'vscode.open', title: l10n.t('Open'), arguments: [file, selection] };
}

function runWords(run: RunView): string {
  return run.state === 'running' ? run.message : run.summary || run.outcome || run.message;
}

function runTooltip(run: RunView, path: string): MarkdownString {
  const started = new Date(run.started * 1000).toLocaleString();
  const spent = run.spent ? l10n.t('Spent on models: {0}', run.spent) : '';
  return tooltip(run.name, path, [runWords(run), l10n.t('Started {0}', started), run.forecast ?? '', spent]);
}

function proposalTooltip(proposal: ProposalView, path: string): MarkdownString {
  const others = proposal.options.length - 1;
  return tooltip(proposal.name, path, [
    proposal.summary,
    proposal.rationale,
    proposal.confirmed ? '' : unconfirmed(proposal),
    others === 1 ? l10n.t('There is one alternative.') : '',
    others > 1 ? l10n.t('There are {0} alternatives.', others) : '',
  ]);
}

function unconfirmed({ judges }: ProposalView): string {
  return judges === 'tests'
    ? l10n.t('The run was stopped before this was confirmed by a fresh run of the tests.')
    : l10n.t('The run was stopped before this was judged once more.');
}

function tooltip(name: string, path: string, lines: readonly string[]): MarkdownString {
  const text = new MarkdownString();
  text.appendMarkdown('**').appendText(name).appendMarkdown('** — ').appendText(path);
  for (const line of lines.filter((each) => each !== '')) {
    text.appendMarkdown('\n\n').appendText(line);
  }
  return text;
}
