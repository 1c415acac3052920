/** What a command is about: it may come from a lens, the tree, a title button, a key or the palette. */

import { l10n, Uri, window } from 'vscode';

import { type Choice, choiceOf } from './addresses';
import type { ProposalView, RunView } from './protocol';
import { choiceInSight } from './review';
import type { Entry } from './tree';

/** A proposal: by id (a lens), by its document (a title button), from the tree, in sight, or picked from `pool`. */
export async function proposalFor(
  argument: unknown,
  option: unknown,
  pool: readonly ProposalView[],
): Promise<Choice | undefined> {
  if (typeof argument === 'string') {
    return { proposal: argument, option: typeof option === 'number' ? option : 0 };
  }
  const entry = entryOf(argument);
  if (entry?.kind === 'proposal') {
    return { proposal: entry.proposal.id, option: 0 };
  }
  const shown = argument instanceof Uri ? choiceOf(argument) : undefined;
  return shown ?? choiceInSight() ?? (await picked(pool));
}

/** A run: by id, from the tree, or picked from `pool`. */
export async function runFor(argument: unknown, pool: readonly RunView[]): Promise<string | undefined> {
  if (typeof argument === 'string') {
    return argument;
  }
  const entry = entryOf(argument);
  if (entry !== undefined) {
    return entry.kind === 'run' ? entry.run.id : entry.proposal.run;
  }
  const items = pool.map((run) => ({ label: run.name, description: run.summary || run.message, id: run.id }));
  return items.length < 2 ? items[0]?.id : (await window.showQuickPick(items, { title: l10n.t('Which run?') }))?.id;
}

async function picked(pool: readonly ProposalView[]): Promise<Choice | undefined> {
  const items = pool.map(({ id, name, summary }) => ({ label: name, description: summary, id }));
  const item = items.length < 2 ? items[0] : await window.showQuickPick(items, { title: l10n.t('Which proposal?') });
  return item === undefined ? undefined : { proposal: item.id, option: 0 };
}

function entryOf(argument: unknown): Entry | undefined {
  const kind = typeof argument === 'object' && argument !== null && 'kind' in argument ? argument.kind : undefined;
  return kind === 'run' || kind === 'proposal' ? (argument as Entry) : undefined;
}
