import type { LanguageModelChat } from 'vscode';
import { beforeEach, expect, test, vi } from 'vitest';

import { askForConsent, Consent, withdrawConsent } from '../src/consent';
import { Gate, lentNames } from '../src/gate';
import { LentModels } from '../src/lent';
import { uriOf } from '../src/state';
import { aMemory, aModel, aProposal, aRun, deferred, streamOf } from './samples';
import { LanguageModelError, window, workspace } from './vscode';

beforeEach(() => {
  vi.clearAllMocks();
  window.withProgress.mockImplementation((_: unknown, work: () => unknown) => work());
});

const MODEL = aModel(['ready']);

test('a person is asked once for each model, and the answer is remembered', async () => {
  const ask = vi.fn(async () => true);
  const memory = aMemory();
  const consent = new Consent(memory, ask);
  expect(await consent.requested(MODEL)).toBe(true);
  expect(await consent.requested(MODEL)).toBe(true);
  expect(await new Consent(memory, ask).permits(MODEL)).toBe(true);
  expect(ask).toHaveBeenCalledTimes(1);
  await consent.requested(aModel([], { family: 'other' }));
  expect(ask).toHaveBeenCalledTimes(2);
});

test('requests that come together are one question', async () => {
  const answer = deferred<boolean>();
  const ask = vi.fn(() => answer.promise);
  const consent = new Consent(aMemory(), ask);
  const all = [consent.permits(MODEL), consent.permits(MODEL)];
  answer.resolve(false);
  expect(await Promise.all(all)).toEqual([false, false]);
  expect(await consent.permits(MODEL)).toBe(false);
  expect(ask).toHaveBeenCalledTimes(1);
  await consent.requested(MODEL); // a new run asks again
  expect(ask).toHaveBeenCalledTimes(2);
});

test('consent that is withdrawn ends requests, and the next run asks', async () => {
  const ask = vi.fn(async () => true);
  const consent = new Consent(aMemory(), ask);
  await consent.requested(MODEL);
  window.showQuickPick.mockImplementationOnce((async (items: unknown[]) => items[0]) as never);
  await withdrawConsent(consent);
  expect(consent.given).toEqual([]);
  expect(await consent.permits(MODEL)).toBe(false);
  expect(await consent.requested(MODEL)).toBe(true);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('without consent there is nothing to withdraw', async () => {
  await expect(withdrawConsent(new Consent(aMemory(), async () => true))).rejects.toThrow('none of the models');
});

test('what is sent is said before anything is sent', async () => {
  const sendRequest = vi.fn(async () => ({ text: streamOf(['ready']) }));
  expect(await askForConsent(aModel(sendRequest))).toBe(false);
  expect(sendRequest).not.toHaveBeenCalled();
  const [question, options] = window.showInformationMessage.mock.calls[0] as unknown as [string, { detail: string }];
  expect(question).toContain('GPT (copilot/gpt)');
  expect(options).toMatchObject({ modal: true, detail: expect.stringMatching(/its tests.*errors[^]*subscription/) });

  window.showInformationMessage.mockResolvedValueOnce('Allow');
  expect(await askForConsent(aModel(sendRequest))).toBe(true);
  expect(sendRequest).toHaveBeenCalledTimes(1);
});

test("the editor's own no is a no, and any other failure is said", async () => {
  window.showInformationMessage.mockResolvedValue('Allow');
  const failing = (code: string) => aModel(() => Promise.reject(new LanguageModelError('used up.', code)));
  expect(await askForConsent(failing('NoPermissions'))).toBe(false);
  await expect(askForConsent(failing('Blocked'))).rejects.toThrow('GPT does not answer: used up. No run was started.');
  window.showInformationMessage.mockReset();
  window.showInformationMessage.mockResolvedValue(undefined);
});

test('settings name lent models, unless no model is asked', () => {
  const names = (settings: Record<string, unknown>) => lentNames((key) => settings[key]);
  expect(names({ model: 'vscode:a/b', optimizerModel: 'vscode:a/b' })).toEqual(['vscode:a/b']);
  expect(names({ model: 'openai/x', optimizerModel: 'vscode:c' })).toEqual(['vscode:c']);
  expect(names({ model: 'vscode:a/b', optimizer: 'rewrite' })).toEqual([]);
  expect(names({ model: 7 })).toEqual([]);
  expect(lentNames((key) => ({ model: 'vscode:a', optimizer: 'rewrite' })[key as 'model'], true)).toEqual(['vscode:a']);
});

function gateFor(answer: boolean, ...models: LanguageModelChat[]) {
  const ask = vi.fn(async () => answer);
  const source = { selectChatModels: async () => models, onDidChangeChatModels: () => ({ dispose: () => {} }) };
  const lent = new LentModels(source);
  workspace.getConfiguration.mockImplementation(() => ({
    get: (key: string) => (key === 'model' ? 'vscode:copilot/gpt' : undefined),
  }));
  return { gate: new Gate(lent, new Consent(aMemory(), ask), () => 'file:///project/shop.py'), ask };
}

test('a command that starts a run waits for consent; without it, it is said once and no run starts', async () => {
  const yes = gateFor(true, MODEL);
  expect(await yes.gate.allows('secant.optimize', {})).toBe(true);
  expect(yes.ask).toHaveBeenCalledTimes(1);
  const no = gateFor(false, MODEL);
  expect(await no.gate.allows('secant.optimize', {})).toBe(false);
  const says = expect.stringContaining('no run was started');
  expect(window.showInformationMessage).toHaveBeenCalledExactlyOnceWith(says, 'Choose Model');
});

test('other commands, and models that are not there, need no consent', async () => {
  const { gate, ask } = gateFor(false, MODEL);
  expect(await gate.allows('secant.accept', {})).toBe(true);
  expect(await gateFor(false).gate.allows('secant.optimize', {})).toBe(true);
  expect(ask).not.toHaveBeenCalled();
});

test('a command is about a document, a run or a proposal', () => {
  const state = { runs: [aRun({ uri: 'file:///a.py' })], proposals: [aProposal({ uri: 'file:///b.py' })] };
  expect(uriOf(state, { uri: 'file:///c.py' })).toBe('file:///c.py');
  expect(uriOf(state, { run: 'r1' })).toBe('file:///a.py');
  expect(uriOf(state, { proposal: 'p1' })).toBe('file:///b.py');
  expect(uriOf(state, undefined)).toBeUndefined();
});
