/**
 * Lends the editor's models to the server: a request comes in, its answer or a typed failure goes out. Nothing is
 * decided here and nothing is kept: whether a request is worth its price, and what follows of its answer, is the
 * engine's business.
 */

import {
  type CancellationToken,
  CancellationTokenSource,
  type LanguageModelChat,
  LanguageModelChatMessage,
  LanguageModelTextPart,
  l10n,
} from 'vscode';

import type { LentModels } from './lent';
import type { CompleteParams, Completion, FailureKind, ModelMessage } from './protocol';
import { Slots } from './slots';
import { messageOf } from './trouble';

const AT_ONCE = 4;

/** Whether requests may go to a model. */
export type Permits = (model: LanguageModelChat) => Promise<boolean>;

export class Lender {
  readonly #models: LentModels;
  readonly #permits: Permits;
  readonly #slots = new Slots(AT_ONCE);

  constructor(models: LentModels, permits: Permits) {
    this.#models = models;
    this.#permits = permits;
  }

  /** Never rejects, and answers soon after the token is cancelled, whatever the model does. */
  complete(params: CompleteParams, token: CancellationToken): Promise<Completion> {
    const withdrawn = cancelled(token);
    const turn = () => Promise.race([withdrawn, this.#answer(params, token)]);
    return Promise.race([withdrawn, this.#slots.run(turn)]);
  }

  async #answer(params: CompleteParams, token: CancellationToken): Promise<Completion> {
    if (token.isCancellationRequested) {
      return failure('connection', WITHDRAWN);
    }
    try {
      const model = await this.#models.find(params.model);
      if (model === undefined) {
        return failure('not_found', `this editor lends no model named ${params.model}`);
      }
      if (!(await this.#permits(model))) {
        return failure('authentication', `you did not allow that anything is sent to ${model.name}`);
      }
      return await answered(model, params, token);
    } catch (error) {
      return failed(error);
    }
  }
}

/** One request and its answer. Never rejects. */
export async function answered(
  model: LanguageModelChat,
  request: Pick<CompleteParams, 'messages' | 'parameters' | 'maxTokens'>,
  token: CancellationToken,
): Promise<Completion> {
  const stop = new CancellationTokenSource();
  const link = token.onCancellationRequested(() => stop.cancel());
  try {
    const messages = chatMessages(request.messages);
    const justification = l10n.t('Secant asks the model for better versions of what you chose to optimize.');
    const options = { justification, modelOptions: { ...request.parameters } };
    const response = await model.sendRequest([...messages], options, stop.token);
    const { text, cut } = await collected(model, response.text, request.maxTokens);
    if (text === '') {
      return failure('empty', `${model.name} answered nothing`);
    }
    const [sent, received] = await Promise.all([tokens(model, messages), tokens(model, [text])]);
    const finish = cut ? 'length' : 'stop';
    return { text, model: `${model.vendor}/${model.family}`, finish, promptTokens: sent, completionTokens: received };
  } catch (error) {
    return failed(error);
  } finally {
    link.dispose();
    stop.cancel(); // ends a reply that was cut
    stop.dispose();
  }
}

/** Messages as the editor has them: it knows no system, so that becomes the first part of what the user says first. */
export function chatMessages(messages: readonly ModelMessage[]): readonly LanguageModelChatMessage[] {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const parts = system.map((content) => new LanguageModelTextPart(content));
  const others = messages.filter(({ role }) => role !== 'system');
  const [first, ...rest] = others;
  if (parts.length === 0) {
    return others.map(chatMessage);
  }
  if (first?.role !== 'user') {
    return [LanguageModelChatMessage.User(parts), ...others.map(chatMessage)];
  }
  parts.push(new LanguageModelTextPart(first.content));
  return [LanguageModelChatMessage.User(parts), ...rest.map(chatMessage)];
}

function chatMessage({ role, content }: ModelMessage): LanguageModelChatMessage {
  return role === 'assistant' ? LanguageModelChatMessage.Assistant(content) : LanguageModelChatMessage.User(content);
}

/**
 * The text of a reply, up to its limit: the editor's models know none. A token has one character at least, so after a
 * count nothing needs to be counted before as many characters have come as tokens are left.
 */
async function collected(
  model: LanguageModelChat,
  stream: AsyncIterable<string>,
  maxTokens: number | null,
): Promise<{ text: string; cut: boolean }> {
  let text = '';
  let enough = maxTokens ?? Number.POSITIVE_INFINITY;
  for await (const part of stream) {
    text += part;
    if (maxTokens === null || text.length < enough) {
      continue;
    }
    const count = await tokens(model, [text]);
    if (count !== null && count >= maxTokens) {
      return { text, cut: true };
    }
    enough = count === null ? Number.POSITIVE_INFINITY : text.length + maxTokens - count;
  }
  return { text, cut: false };
}

/** As the model counts; null where it does not. */
async function tokens(
  model: LanguageModelChat,
  of: readonly (string | LanguageModelChatMessage)[],
): Promise<number | null> {
  try {
    const counts = await Promise.all(of.map((each) => model.countTokens(each)));
    return counts.reduce((sum, count) => sum + count, 0);
  } catch {
    return null; // a count is for the account only: an answer is not lost for it
  }
}

/** Codes of the editor's own errors, and names that Copilot has for its errors. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  NoPermissions: 'authentication',
  Blocked: 'quota',
  ChatQuotaExceeded: 'quota',
  ChatRateLimited: 'rate_limit',
  NotFound: 'not_found',
};

/** The editor wraps what a provider throws, sometimes more than once: the innermost words say most. */
export function failed(error: unknown): Completion {
  const { code = '', name = '', cause } = (error ?? {}) as { code?: string; name?: string; cause?: unknown };
  const kind = KINDS[code] ?? KINDS[name];
  if (kind === undefined && cause instanceof Error) {
    return failed(cause);
  }
  return failure(kind ?? 'server', messageOf(error));
}

/** The message becomes a part of a sentence of the server, which says what to do, and is in English as that is. */
function failure(kind: FailureKind, message: string): Completion {
  return { failure: { kind, message, retryAfter: null } };
}

const WITHDRAWN = 'the request was withdrawn'; // for the log alone: who withdrew it waits for no answer

function cancelled(token: CancellationToken): Promise<Completion> {
  return new Promise((resolve) => {
    const answer = () => resolve(failure('connection', WITHDRAWN));
    if (token.isCancellationRequested) {
      answer();
    } else {
      token.onCancellationRequested(answer);
    }
  });
}
