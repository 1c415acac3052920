/** Values for tests: a run, a proposal, a promise that a test settles. */

import type { LanguageModelChat, Memento, SecretStorage } from 'vscode';

import type { ProposalView, RunView } from '../src/protocol';
import { EventEmitter } from './vscode';

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

/** A model that answers each request with these parts, or with what `answer` does. A token is four characters. */
export function aModel(
  answer: readonly string[] | ((...request: unknown[]) => Promise<{ text: AsyncIterable<string> }>),
  changes: Partial<LanguageModelChat> = {},
): LanguageModelChat {
  const sendRequest = typeof answer === 'function' ? answer : async () => ({ text: streamOf(answer) });
  const countTokens = async (text: unknown) => Math.ceil((typeof text === 'string' ? text.length : 40) / 4);
  const model = { vendor: 'copilot', family: 'gpt', name: 'GPT', id: 'gpt-1', version: '1', maxInputTokens: 1000 };
  return { ...model, sendRequest, countTokens, ...changes } as unknown as LanguageModelChat;
}

export async function* streamOf(parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}

/** What an extension remembers. */
export function aMemory(): Memento & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.get(key) as T | undefined) ?? otherwise,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}

export function aSafe(): SecretStorage & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  const changed = new EventEmitter<{ key: string }>();
  return {
    values,
    onDidChange: changed.event,
    keys: async () => [...values.keys()],
    get: async (key: string) => values.get(key),
    store: async (key: string, value: string) => {
      values.set(key, value);
      changed.fire({ key });
    },
    delete: async (key: string) => {
      values.delete(key);
      changed.fire({ key });
    },
  } as SecretStorage & { readonly values: Map<string, string> };
}
