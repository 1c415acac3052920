/** The runs and proposals as the server last told them. Nothing here is decided or kept: the server knows. */

import { type Disposable, type Event, EventEmitter } from 'vscode';

import { Coalesced } from './coalesced';
import type { Log } from './log';
import type { ProposalView, RunView, State } from './protocol';
import { messageOf } from './trouble';

const NOTHING: State = { runs: [], proposals: [] };

export class Store implements Disposable {
  readonly #changed = new EventEmitter<State>();
  readonly onDidChange: Event<State> = this.#changed.event;
  readonly #refresh: Coalesced;
  #state = NOTHING;

  constructor(ask: () => Promise<State>) {
    this.#refresh = new Coalesced(async () => this.#take(await ask()));
  }

  get state(): State {
    return this.#state;
  }

  proposal(id: string): ProposalView | undefined {
    return this.#state.proposals.find((proposal) => proposal.id === id);
  }

  refresh(): Promise<void> {
    return this.#refresh.request();
  }

  clear(): void {
    this.#take(NOTHING);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #take(state: State): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** A list that cannot be had now stays as it is: the server says when there is a new one. */
export async function refreshed(store: Store, log: Log): Promise<void> {
  await store.refresh().catch((error: unknown) => log.warn(`The list of runs is not current: ${messageOf(error)}`));
}

export function running(state: State): readonly RunView[] {
  return state.runs.filter((run) => run.state === 'running');
}

export function standing(state: State, kind: ProposalView['standing']): readonly ProposalView[] {
  return state.proposals.filter((proposal) => proposal.standing === kind);
}

/** The function of a run, by the run's id or by that of its journal, which a proposal goes by. */
export function nameOf(state: State, run: string): string | undefined {
  return (state.runs.find(({ id }) => id === run) ?? state.proposals.find((proposal) => proposal.run === run))?.name;
}

/** The document that a command's argument is about: named by itself, or by its run or proposal. */
export function uriOf(state: State, argument: unknown): string | undefined {
  const { uri, run, proposal } = (argument ?? {}) as { uri?: string; run?: string; proposal?: string };
  const views = [...state.runs, ...state.proposals];
  return uri ?? views.find(({ id }) => id === run || id === proposal)?.uri;
}
