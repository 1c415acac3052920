/** What the view shows: runs and proposals in groups by how they stand. Data only; `runs.ts` draws it. */

import { l10n } from 'vscode';

import type { ProposalView, RunView, State } from './protocol';
import { running } from './state';

export type GroupId =
  'running' | 'ready' | 'stale' | 'interrupted' | 'applied' | 'scored' | 'rejected' | 'over' | 'failed';

export interface Group {
  readonly kind: 'group';
  readonly id: GroupId;
  readonly label: string;
  readonly entries: readonly Entry[];
}

export interface RunEntry {
  readonly kind: 'run';
  readonly run: RunView;
  readonly group: GroupId;
}

export interface ProposalEntry {
  readonly kind: 'proposal';
  readonly proposal: ProposalView;
  readonly group: GroupId;
}

export type Entry = RunEntry | ProposalEntry;
export type Node = Group | Entry;

/** Groups that have entries, those first in which there is something to do. */
export function groups(state: State): readonly Group[] {
  const labels: Readonly<Record<GroupId, string>> = {
    running: l10n.t('Running'),
    ready: l10n.t('Ready to review'),
    stale: l10n.t('Changed since measured'),
    interrupted: l10n.t('Interrupted'),
    applied: l10n.t('Applied'),
    scored: l10n.t('Scored'),
    rejected: l10n.t('Dismissed'),
    over: l10n.t('Nothing better found'),
    failed: l10n.t('Failed'),
  };
  const entries = [...proposalEntries(state), ...runEntries(state)];
  return (Object.keys(labels) as GroupId[])
    .map((id): Group => ({
      kind: 'group',
      id,
      label: labels[id],
      entries: entries.filter(({ group }) => group === id),
    }))
    .filter((group) => group.entries.length > 0);
}

/** A proposal stands for the run it came of, unless that runs again; one that a newer replaced is not shown. */
function* proposalEntries(state: State): Generator<ProposalEntry> {
  const again = new Set(running(state).flatMap((run) => [run.id, run.proposal]));
  for (const proposal of state.proposals) {
    if (proposal.standing !== 'superseded' && !again.has(proposal.run)) {
      yield { kind: 'proposal', proposal, group: proposal.standing };
    }
  }
}

function* runEntries(state: State): Generator<RunEntry> {
  const proposals = new Set(state.proposals.flatMap((proposal) => [proposal.id, proposal.run]));
  for (const run of state.runs) {
    const represented = proposals.has(run.id) || (run.proposal !== null && proposals.has(run.proposal));
    if (run.state === 'running' || !represented) {
      yield { kind: 'run', run, group: groupOf(run) };
    }
  }
}

function groupOf(run: RunView): GroupId {
  switch (run.state) {
    case 'running':
    case 'interrupted':
    case 'failed':
      return run.state;
    default:
      return run.outcome === 'scored' ? 'scored' : 'over';
  }
}

/** What menus go by, see package.json. */
export function contextOf(entry: Entry): string {
  if (entry.kind === 'run') {
    return `run.${entry.group}`;
  }
  const more = entry.proposal.options.length > 1 ? '.alternatives' : '';
  return `proposal.${entry.group}${more}`;
}
