import type { LanguageModelChat } from 'vscode';
import { expect, test, vi } from 'vitest';

import { answered, chatMessages, failed, Lender } from '../src/lending';
import { type Lending, LentModels, nameOf, selectors } from '../src/lent';
import type { CompleteParams } from '../src/protocol';
import { aModel, deferred, streamOf } from './samples';
import { CancellationTokenSource, EventEmitter, LanguageModelError } from './vscode';

const REQUEST: CompleteParams = {
  id: '1',
  run: 'r',
  model: 'copilot/gpt',
  messages: [{ role: 'user', content: 'Repair it.' }],
  parameters: { temperature: 0.2 },
  maxTokens: null,
};

const token = () => new CancellationTokenSource().token as never;

function lentBy(...models: LanguageModelChat[]) {
  const changed = new EventEmitter<void>();
  const selectChatModels = vi.fn(async ({ vendor, family }: { vendor?: string; family?: string } = {}) =>
    models.filter((each) => (vendor ?? each.vendor) === each.vendor && (family ?? each.family) === each.family),
  );
  const source = { selectChatModels, onDidChangeChatModels: changed.event } as unknown as Lending;
  return { lent: new LentModels(source), selectChatModels, changed };
}

const lender = (...models: LanguageModelChat[]) => new Lender(lentBy(...models).lent, async () => true);

test('a name is a vendor and a family, or a family alone', () => {
  expect(selectors('vscode:copilot/gpt-4o')).toEqual([
    { vendor: 'copilot', family: 'gpt-4o' },
    { family: 'copilot/gpt-4o' },
  ]);
  expect(selectors('gpt-4o')).toEqual([{ family: 'gpt-4o' }]);
  expect(selectors('meta/llama/3')[0]).toEqual({ vendor: 'meta', family: 'llama/3' });
  expect(selectors('vscode:')).toEqual([]);
  expect(nameOf(aModel([]))).toBe('vscode:copilot/gpt');
});

test('a model is looked for once, until the editor has others', async () => {
  const { lent, selectChatModels, changed } = lentBy(aModel([]));
  expect((await lent.find('vscode:copilot/gpt'))?.name).toBe('GPT');
  await lent.find('vscode:copilot/gpt');
  expect(selectChatModels).toHaveBeenCalledTimes(1);
  changed.fire();
  await lent.find('vscode:copilot/gpt');
  expect(selectChatModels).toHaveBeenCalledTimes(2);
  expect(await lent.find('vscode:copilot/other')).toBeUndefined();
});

test('an editor without language models lends none', async () => {
  const lent = new LentModels(undefined);
  expect(lent.lends).toBe(false);
  expect(await lent.all()).toEqual([]);
  expect(await lent.find('gpt')).toBeUndefined();
});

test('an answer is the whole of its parts, with the tokens that the model counts', async () => {
  const sendRequest = vi.fn(async (..._: unknown[]) => ({ text: streamOf(['def f():', ' return 1']) }));
  expect(await lender(aModel(sendRequest)).complete(REQUEST, token())).toEqual({
    text: 'def f(): return 1',
    model: 'copilot/gpt',
    finish: 'stop',
    promptTokens: 10,
    completionTokens: 5,
  });
  expect(sendRequest.mock.calls[0]?.[1]).toMatchObject({ modelOptions: { temperature: 0.2 } });
});

test('a model that cannot count answers all the same', async () => {
  const model = aModel(['yes'], { countTokens: () => Promise.reject(new Error('no')) });
  expect(await answered(model, { ...REQUEST, maxTokens: 1 }, token())).toMatchObject({
    text: 'yes',
    finish: 'stop',
    promptTokens: null,
    completionTokens: null,
  });
});

test('a reply that passes its limit is cut and ended', async () => {
  let ended = false;
  const sendRequest = async (...[, , stop]: unknown[]) => {
    (stop as CancellationTokenSource['token']).onCancellationRequested(() => {
      ended = true;
    });
    return { text: streamOf(Array.from({ length: 100 }, () => 'abcdefgh')) };
  };
  const answer = await answered(aModel(sendRequest), { ...REQUEST, maxTokens: 10 }, token());
  expect(answer).toMatchObject({ finish: 'length', completionTokens: 10, text: 'abcdefgh'.repeat(5) });
  expect(ended).toBe(true);
});

test('what the system says is the first part of what the user says first', () => {
  const system = { role: 'system', content: 'Be brief.' } as const;
  const user = { role: 'user', content: 'Hello' } as const;
  const assistant = { role: 'assistant', content: 'Hi' } as const;
  const parts = [{ value: 'Be brief.' }, { value: 'Hello' }];
  expect(chatMessages([system, user, assistant])).toEqual([
    { role: 'user', content: parts },
    { role: 'assistant', content: 'Hi' },
  ]);
  expect(chatMessages([user])).toEqual([{ role: 'user', content: 'Hello' }]);
  expect(chatMessages([system])).toEqual([{ role: 'user', content: [{ value: 'Be brief.' }] }]);
  expect(chatMessages([assistant, system]).map(({ role }) => role)).toEqual(['user', 'assistant']);
});

test.each([
  [new LanguageModelError('no', 'NoPermissions'), 'authentication'],
  [new LanguageModelError('used up', 'Blocked'), 'quota'],
  [new LanguageModelError('gone', 'NotFound'), 'not_found'],
  [new LanguageModelError('?', 'Unknown'), 'server'],
  [new LanguageModelError('?', 'Unknown', Object.assign(new Error('x'), { name: 'ChatQuotaExceeded' })), 'quota'],
  [Object.assign(new Error('slow down'), { name: 'ChatRateLimited' }), 'rate_limit'],
  [new Error('boom'), 'server'],
  ['words', 'server'],
  [undefined, 'server'],
])('%s is of the kind %s', (error, kind) => {
  expect(failed(error)).toMatchObject({ failure: { kind } });
});

test('an error of unknown kind says what caused it', () => {
  const error = new LanguageModelError('Unknown', 'Unknown', new Error('the tunnel fell in'));
  expect(failed(error)).toMatchObject({ failure: { kind: 'server', message: 'the tunnel fell in' } });
});

test('an error in the middle of a reply is a failure, and no text at all is one', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield 'def';
    throw new LanguageModelError('used up', 'Blocked');
  }
  const answer = await lender(aModel(async () => ({ text: broken() }))).complete(REQUEST, token());
  expect(answer).toEqual({ failure: { kind: 'quota', message: 'used up', retryAfter: null } });
  expect(await lender(aModel([])).complete(REQUEST, token())).toMatchObject({ failure: { kind: 'empty' } });
});

test('a model that is not there, or not allowed, is asked nothing', async () => {
  const sendRequest = vi.fn();
  const missing = await lender().complete(REQUEST, token());
  expect(missing).toMatchObject({ failure: { kind: 'not_found', message: expect.stringContaining('copilot/gpt') } });
  const declined = new Lender(lentBy(aModel(sendRequest)).lent, async () => false);
  expect(await declined.complete(REQUEST, token())).toMatchObject({ failure: { kind: 'authentication' } });
  expect(sendRequest).not.toHaveBeenCalled();
});

test('a request that is withdrawn is answered at once, and its place is free', async () => {
  const never = new Promise<never>(() => {});
  const model = aModel(() => never);
  const stubborn = lender(model);
  const sources = Array.from({ length: 6 }, () => new CancellationTokenSource());
  const answers = sources.map((source) => stubborn.complete(REQUEST, source.token as never));
  for (const source of sources) {
    source.cancel();
  }
  for (const answer of await Promise.all(answers)) {
    expect(answer).toMatchObject({ failure: { kind: 'connection' } });
  }
  Object.assign(model, { sendRequest: async () => ({ text: streamOf(['back']) }) });
  expect(await stubborn.complete(REQUEST, token())).toMatchObject({ text: 'back' });
});

test('four requests at a time', async () => {
  const gate = deferred();
  let most = 0;
  let now = 0;
  const model = aModel(async () => {
    now += 1;
    most = Math.max(most, now);
    await gate.promise;
    now -= 1;
    return { text: streamOf(['yes']) };
  });
  const busy = lender(model);
  const answers = Array.from({ length: 9 }, () => busy.complete(REQUEST, token()));
  await vi.waitFor(() => expect(now).toBe(4));
  gate.resolve();
  await Promise.all(answers);
  expect(most).toBe(4);
});
