/** The list of a proposal's options, each with what tells it apart from the first. Pure, up to the words. */

import { l10n, type QuickPickItem } from 'vscode';

import type { Differing, OptionView, ProposalView } from './protocol';

export interface OptionItem extends QuickPickItem {
  readonly option: number;
}

const MOST_INPUTS = 2;

export function optionItems(proposal: ProposalView): readonly OptionItem[] {
  return proposal.options.map((option) => ({
    option: option.index,
    label:
      option.index === 0 ? l10n.t('$(star-full) The proposal') : l10n.t('$(versions) Alternative {0}', option.index),
    description: option.summary,
    detail: [option.rationale, ...inputs(option)].filter((part) => part !== '').join(' · '),
  }));
}

/** The inputs on which it differs from the first, as many as a line holds. */
function inputs(option: OptionView): readonly string[] {
  const told = option.differs.slice(0, MOST_INPUTS).map(input);
  const rest = option.differs.length - told.length;
  const more = rest === 1 ? l10n.t('one more input tells them apart') : l10n.t('{0} more inputs tell them apart', rest);
  return rest > 0 ? [...told, more] : told;
}

function input({ call = '', winner = '', alternative = '' }: Differing): string {
  return l10n.t('{0}: {1} here, {2} by the proposal', call, alternative, winner);
}
