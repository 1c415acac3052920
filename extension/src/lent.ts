/** The models that this editor lends, by the names that settings have for them: `vscode:vendor/family`. */

import { type Disposable, type LanguageModelChat, type LanguageModelChatSelector, lm } from 'vscode';

export const PREFIX = 'vscode:';

/** What finds models; an editor that lends none has no such thing. */
export type Lending = Pick<typeof lm, 'selectChatModels' | 'onDidChangeChatModels'>;

export function lending(): Lending | undefined {
  const offered = lm as Partial<Lending> | undefined;
  return typeof offered?.selectChatModels === 'function' ? (offered as Lending) : undefined;
}

export function nameOf(model: LanguageModelChat): string {
  return `${PREFIX}${model.vendor}/${model.family}`;
}

/** Models once found are kept until the editor says that there are others. */
export class LentModels implements Disposable {
  readonly #lending: Lending | undefined;
  readonly #found = new Map<string, LanguageModelChat>();
  readonly #subscription: Disposable | undefined;

  constructor(source: Lending | undefined = lending()) {
    this.#lending = source;
    this.#subscription = source?.onDidChangeChatModels(() => this.#found.clear());
  }

  get lends(): boolean {
    return this.#lending !== undefined;
  }

  async all(): Promise<readonly LanguageModelChat[]> {
    return (await this.#lending?.selectChatModels()) ?? [];
  }

  /** The model that a setting means, with the prefix or without; undefined where there is none. */
  async find(name: string): Promise<LanguageModelChat | undefined> {
    const known = this.#found.get(name);
    if (known !== undefined) {
      return known;
    }
    for (const selector of selectors(name)) {
      const [model] = (await this.#lending?.selectChatModels(selector)) ?? [];
      if (model !== undefined) {
        this.#found.set(name, model);
        return model;
      }
    }
    return undefined;
  }

  dispose(): void {
    this.#subscription?.dispose();
  }
}

/** How to look for a name, the likeliest first: a family may have a slash in its name. */
export function selectors(name: string): readonly LanguageModelChatSelector[] {
  const bare = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
  const slash = bare.indexOf('/');
  if (bare === '') {
    return [];
  }
  const whole = { family: bare };
  return slash < 0 ? [whole] : [{ vendor: bare.slice(0, slash), family: bare.slice(slash + 1) }, whole];
}
