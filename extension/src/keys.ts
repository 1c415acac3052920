/**
 * Keys of model providers. They are in the editor's secret storage and, from its start on, in the environment of the
 * server's process. Nowhere else: no setting, log, trace or message holds one. Beside them only their names are kept.
 */

import {
  type Disposable,
  EventEmitter,
  l10n,
  type Memento,
  type QuickPickItem,
  type SecretStorage,
  window,
} from 'vscode';

import { PROVIDERS, type Provider } from './providers';
import { Trouble } from './trouble';

const NAMES = 'secant.keys';

export class Keys implements Disposable {
  readonly #changed = new EventEmitter<string>();
  /** A key was stored, replaced or removed, here or in another window; with the name of its variable. */
  readonly onDidChange = this.#changed.event;
  readonly #secrets: SecretStorage;
  readonly #memory: Memento;
  readonly #subscription: Disposable;

  constructor(secrets: SecretStorage, memory: Memento) {
    this.#secrets = secrets;
    this.#memory = memory;
    this.#subscription = secrets.onDidChange(({ key }) => this.#changed.fire(key));
  }

  get names(): readonly string[] {
    return this.#memory.get<readonly string[]>(NAMES, []);
  }

  async store(name: string, key: string): Promise<void> {
    await this.#memory.update(NAMES, [...new Set([...this.names, name])].sort());
    await this.#secrets.store(name, key);
  }

  async remove(name: string): Promise<void> {
    await this.#memory.update(
      NAMES,
      this.names.filter((each) => each !== name),
    );
    await this.#secrets.delete(name);
  }

  /** Variables with their keys, for the server's process. A key that the storage has lost is not among them. */
  async environment(): Promise<Record<string, string>> {
    const found = await Promise.all(this.names.map(async (name) => [name, await this.#secrets.get(name)] as const));
    return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

/** Asks for a key, of this provider or of one to be picked, and stores it. */
export async function askForKey(keys: Keys, provider?: Provider): Promise<void> {
  const variable = provider?.variable ?? (await pickVariable(keys));
  if (variable === undefined) {
    return;
  }
  const key = await window.showInputBox({
    title: l10n.t('Key for {0}', variable),
    prompt: l10n.t('It goes into the secret storage of this editor, and to Secant as {0}.', variable),
    password: true,
    ignoreFocusOut: true,
    validateInput: wrongKey,
  });
  if (key !== undefined) {
    await keys.store(variable, key.trim());
    void window.showInformationMessage(l10n.t('{0} is stored. Secant starts again with it.', variable));
  }
}

export async function forgetKey(keys: Keys): Promise<void> {
  const { names } = keys;
  if (names.length === 0) {
    throw new Trouble(l10n.t('There is no key of Secant in the secret storage of this editor.'), '', []);
  }
  const title = l10n.t('Which key shall be removed?');
  const items = names.map((name) => ({ label: name, description: labelOf(name) }));
  const name = (await window.showQuickPick(items, { title }))?.label;
  if (name !== undefined) {
    await keys.remove(name);
    void window.showInformationMessage(l10n.t('{0} is removed. Secant starts again without it.', name));
  }
}

interface VariableItem extends QuickPickItem {
  /** Undefined for a variable that is still to be named. */
  readonly variable: string | undefined;
}

async function pickVariable(keys: Keys): Promise<string | undefined> {
  const known = new Set(PROVIDERS.map(({ variable }) => variable));
  const listed = PROVIDERS.map(({ label, variable }) => ({ label, variable }));
  const own = keys.names.filter((name) => !known.has(name)).map((name) => ({ label: name, variable: name }));
  const items: VariableItem[] = [...listed, ...own].map((item) => ({
    ...item,
    description: keys.names.includes(item.variable) ? l10n.t('{0}, stored', item.variable) : item.variable,
  }));
  items.push({ label: l10n.t('Another…'), description: l10n.t('name the variable'), variable: undefined });
  const title = l10n.t('Whose key is it?');
  const item = await window.showQuickPick(items, { title, matchOnDescription: true });
  return item === undefined ? undefined : (item.variable ?? (await nameVariable()));
}

async function nameVariable(): Promise<string | undefined> {
  const title = l10n.t('The environment variable in which the key is looked for');
  return window.showInputBox({
    title,
    placeHolder: 'MY_SERVER_API_KEY',
    ignoreFocusOut: true,
    validateInput: wrongName,
  });
}

/** What is wrong with a name for a variable; undefined where nothing is. */
export function wrongName(name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return l10n.t('A name is made of letters, digits and underscores, and begins with no digit.');
  }
  if (!/(KEY|TOKEN|SECRET|PASSWORD)/i.test(name)) {
    return l10n.t('So that no other variable is replaced, its name holds KEY, TOKEN, SECRET or PASSWORD.');
  }
  return undefined;
}

export function wrongKey(key: string): string | undefined {
  const bare = key.trim();
  if (bare === '') {
    return l10n.t('Paste the key.');
  }
  return /\s/.test(bare) ? l10n.t('A key has no spaces in it.') : undefined;
}

function labelOf(variable: string): string {
  return PROVIDERS.find((provider) => provider.variable === variable)?.label ?? '';
}
