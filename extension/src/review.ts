/**
 * Reviewing a proposal: the file as it is on the left, the file with the proposal in it on the right, both live. The
 * right side is the server's document and always fits the buffer; only the server writes to the buffer.
 */

import { commands, l10n, Range, type Tab, TabInputTextDiff, Uri, ViewColumn, window, workspace } from 'vscode';

import { type Choice, choiceOf, proposalUri } from './addresses';
import { optionItems } from './alternatives';
import type { Execute, ProposalView, ReviewParams } from './protocol';
import type { Store } from './state';
import { Trouble } from './trouble';

export class Review {
  readonly #store: Store;
  readonly #execute: Execute;

  constructor(store: Store, execute: Execute) {
    this.#store = store;
    this.#execute = execute;
  }

  /** The server asks for it. */
  async requested({ proposal, option = 0, uri, title }: ReviewParams): Promise<void> {
    const known = this.#store.proposal(proposal);
    const file = Uri.parse(uri);
    await this.#compare({ proposal, option }, file, title ?? titled(known, option, file), known);
  }

  async show(choice: Choice): Promise<void> {
    const proposal = await this.#find(choice.proposal);
    if (proposal.standing === 'stale') {
      await this.#offerAgain(proposal);
      return;
    }
    const file = Uri.parse(proposal.uri);
    if (proposal.standing === 'applied') {
      await this.#open(proposal);
      return;
    }
    await this.#compare(choice, file, titled(proposal, choice.option, file), proposal);
  }

  /** Returns whether the buffer was changed. If not, the server has said why. */
  async accept(choice: Choice): Promise<boolean> {
    if ((await this.#execute('secant.accept', { ...choice })) !== true) {
      return false;
    }
    await this.#leave(choice.proposal);
    return true;
  }

  async reject({ proposal }: Choice): Promise<boolean> {
    if ((await this.#execute('secant.reject', { proposal })) !== true) {
      return false;
    }
    await this.#leave(proposal);
    return true;
  }

  /** Lets the user pick one of the options, and shows it. */
  async choose({ proposal: id }: Choice): Promise<void> {
    const proposal = await this.#find(id);
    if (proposal.options.length < 2) {
      window.showInformationMessage(l10n.t('There are no alternatives for {0}.', proposal.name));
      return;
    }
    const picked = await window.showQuickPick(optionItems(proposal), {
      title: l10n.t('Proposals for {0}', proposal.name),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked !== undefined) {
      await this.show({ proposal: id, option: picked.option });
      await window.tabGroups.close(
        comparisons(id).filter((tab) => choiceOf(comparedBy(tab))?.option !== picked.option),
      );
    }
  }

  async #compare(choice: Choice, file: Uri, title: string, proposal: ProposalView | undefined): Promise<void> {
    const line = proposal?.range?.start.line;
    await commands.executeCommand('vscode.diff', file, proposalUri(choice, file), title, {
      preview: true,
      ...(line === undefined ? {} : { selection: new Range(line, 0, line, 0) }),
    });
  }

  /** As it stands now: an edit or an undo since may have changed that. */
  async #find(id: string): Promise<ProposalView> {
    await this.#store.refresh();
    const proposal = this.#store.proposal(id);
    if (proposal === undefined) {
      const message = l10n.t('This proposal is not offered any more. Run Secant again on the function.');
      throw new Trouble(message, `Proposal ${id}`);
    }
    return proposal;
  }

  async #offerAgain(proposal: ProposalView): Promise<void> {
    const again = l10n.t('Run Again');
    const message = l10n.t('{0} changed since this was measured, so its evidence counts no more.', proposal.name);
    if ((await window.showWarningMessage(message, again)) === again) {
      await this.#execute('secant.rerun', { proposal: proposal.id });
    }
  }

  /** Goes to the function, and only then closes the comparison: with the file in no tab, it would ask to save it. */
  async #leave(id: string): Promise<void> {
    const tabs = comparisons(id);
    const [tab] = tabs;
    if (tab?.input instanceof TabInputTextDiff) {
      const proposal = this.#store.proposal(id);
      const column = tab.group.viewColumn;
      await (proposal === undefined ? reveal(tab.input.original, null, column) : this.#open(proposal, column));
    }
    await window.tabGroups.close(tabs);
  }

  async #open(proposal: ProposalView, column: ViewColumn = ViewColumn.Active): Promise<void> {
    await reveal(Uri.parse(proposal.uri), proposal.range, column);
  }
}

/** The choice that the active tab compares. */
export function choiceInSight(): Choice | undefined {
  return choiceOf(comparedBy(window.tabGroups.activeTabGroup.activeTab));
}

function comparisons(proposal: string): Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter((tab) => choiceOf(comparedBy(tab))?.proposal === proposal);
}

function comparedBy(tab: Tab | undefined): Uri | undefined {
  return tab?.input instanceof TabInputTextDiff ? tab.input.modified : undefined;
}

function titled(proposal: ProposalView | undefined, option: number, file: Uri): string {
  const name = proposal?.name ?? workspace.asRelativePath(file);
  const summary = proposal?.options.find(({ index }) => index === option)?.summary ?? proposal?.summary;
  return l10n.t('{0}: current ↔ {1}', name, summary?.split(' · ')[0] || l10n.t('proposed'));
}

async function reveal(file: Uri, range: ProposalView['range'], viewColumn: ViewColumn): Promise<void> {
  const line = range?.start.line;
  const selection = line === undefined ? {} : { selection: new Range(line, 0, line, 0) };
  await window.showTextDocument(file, { viewColumn, preview: false, ...selection });
}
