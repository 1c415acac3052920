/**
 * Whether anything may be sent to a model that the editor lends. A person is asked once for each model, before the
 * first run that asks it; the answer is remembered until it is withdrawn. The editor then asks on its own behalf, too.
 */

import { CancellationTokenSource, type LanguageModelChat, l10n, type Memento, ProgressLocation, window } from 'vscode';

import { answered } from './lending';
import { nameOf, PREFIX } from './lent';
import { Trouble } from './trouble';

const GIVEN = 'secant.lentModels';

/** Asks a person; true is consent. Rejects with Trouble where the model does not answer. */
export type Ask = (model: LanguageModelChat) => Promise<boolean>;

export class Consent {
  readonly #memory: Memento;
  readonly #ask: Ask;
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #declined = new Set<string>();

  constructor(memory: Memento, ask: Ask = askForConsent) {
    this.#memory = memory;
    this.#ask = ask;
  }

  /** The models for which it was given. */
  get given(): readonly string[] {
    return this.#memory.get<readonly string[]>(GIVEN, []);
  }

  /** Before a run: asks where it was not given, although it may have been declined before. */
  async requested(model: LanguageModelChat): Promise<boolean> {
    this.#declined.delete(nameOf(model));
    return this.permits(model);
  }

  /** Before a request: a model that no setting named, but the project or an earlier run, is asked for here, once. */
  async permits(model: LanguageModelChat): Promise<boolean> {
    const name = nameOf(model);
    if (this.given.includes(name)) {
      return true;
    }
    if (this.#declined.has(name)) {
      return false;
    }
    const asking = this.#asking.get(name) ?? this.#asked(model, name).finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  async withdraw(name: string): Promise<void> {
    this.#declined.add(name); // a run that is under way does not ask again
    await this.#remember(this.given.filter((each) => each !== name));
  }

  async #asked(model: LanguageModelChat, name: string): Promise<boolean> {
    const yes = await this.#ask(model);
    if (yes) {
      await this.#remember([...this.given, name]);
    } else {
      this.#declined.add(name);
    }
    return yes;
  }

  async #remember(names: readonly string[]): Promise<void> {
    await this.#memory.update(GIVEN, names);
  }
}

/** Says what will be sent, then sends a first small request: the editor's own question comes with it. */
export async function askForConsent(model: LanguageModelChat): Promise<boolean> {
  const send = l10n.t('Allow');
  const detail = [
    l10n.t(
      'What is sent: the function or the text to improve, what it uses, its tests or cases, and the errors they give.',
    ),
    l10n.t('A run makes many requests. Each counts against your subscription with {0}.', model.vendor),
    l10n.t('This is asked once for each model. "Secant: Withdraw Consent" takes it back.'),
  ];
  const question = l10n.t('Allow Secant to send code to {0} ({1})?', model.name, `${model.vendor}/${model.family}`);
  const answer = await window.showInformationMessage(question, { modal: true, detail: detail.join('\n\n') }, send);
  return answer === send && (await opened(model));
}

const FIRST = {
  messages: [{ role: 'user', content: 'Answer with the one word: ready' }],
  parameters: {},
  maxTokens: 20,
} as const;

/** False where the editor's own question was answered with no. */
async function opened(model: LanguageModelChat): Promise<boolean> {
  const title = l10n.t('Secant waits for the first answer of {0}', model.name);
  const none = new CancellationTokenSource();
  const answer = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
    answered(model, FIRST, none.token),
  );
  none.dispose();
  if (!('failure' in answer) || answer.failure.kind === 'empty') {
    return true;
  }
  if (answer.failure.kind === 'authentication') {
    return false;
  }
  const reason = answer.failure.message.trim().replace(/\.$/, '');
  throw new Trouble(l10n.t('{0} does not answer: {1}. No run was started.', model.name, reason));
}

export async function withdrawConsent(consent: Consent): Promise<void> {
  const { given } = consent;
  if (given.length === 0) {
    throw new Trouble(l10n.t('You have allowed Secant to use none of the models that this editor lends.'), '', []);
  }
  const title = l10n.t('To which model shall nothing be sent any more?');
  const items = given.map((name) => ({ label: name.slice(PREFIX.length), name }));
  const item = await window.showQuickPick(items, { title });
  if (item !== undefined) {
    await consent.withdraw(item.name);
    void window.showInformationMessage(l10n.t('Nothing is sent to {0} before you allow it again.', item.label));
  }
}
