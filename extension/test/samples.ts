/** Values for tests: a run, a proposal, a promise that a test settles. */

import type { ProposalView, RunView } from '../src/protocol';

export function aRun(changes: Partial<RunView> = {}): RunView {
  return {
    id: 'r1',
    uri: 'file:///project/shop.py',
    name: 'order_total',
    judges: 'tests',
    goal: 'fix',
    state: 'running',
    phase: 'screen',
    message: 'cand 7 · 2 s',
    evaluations: 7,
    best: '',
    seconds: 2,
    outcome: '',
    summary: '',
    started: 0,
    proposal: null,
    ...changes,
  };
}

export function aProposal(changes: Partial<ProposalView> = {}): ProposalView {
  return {
    id: 'p1',
    run: 'p1',
    uri: 'file:///project/shop.py',
    name: 'order_total',
    judges: 'tests',
    standing: 'ready',
    summary: 'fixed · 6/6 tests',
    rationale: '`goods` becomes `paid`',
    confirmed: true,
    range: { start: { line: 3, character: 0 }, end: { line: 10, character: 0 } },
    options: [{ index: 0, summary: 'fixed · 6/6 tests', rationale: '`goods` becomes `paid`', differs: [] }],
    ...changes,
  };
}

export function withAlternative(changes: Partial<ProposalView> = {}): ProposalView {
  const alternative = {
    index: 1,
    summary: 'fixed · 6/6 tests',
    rationale: '`<` becomes `<=`',
    differs: [
      { call: 'f(1)', winner: '2', alternative: '3' },
      { call: 'f(2)', winner: '4', alternative: '6' },
      { call: 'f(3)', winner: '6', alternative: '9' },
    ],
  };
  const first = aProposal(changes);
  return { ...first, options: [...first.options, alternative] };
}

/** A promise that is settled from outside. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
