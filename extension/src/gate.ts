/** Stands before the server's commands: a run with models that the editor lends needs consent to each of them. */

import { commands, l10n, Uri, window, workspace } from 'vscode';

import { SECTION } from './config';
import type { Consent } from './consent';
import { type LentModels, PREFIX } from './lent';

/** Commands of the server that start a run. */
const STARTS: ReadonlySet<string> = new Set([
  'secant.optimize',
  'secant.solve',
  'secant.refine',
  'secant.eval',
  'secant.rerun',
  'secant.resume',
]);
/** Those that ask the model whatever the optimizer of functions is. */
const ASKS: ReadonlySet<string> = new Set(['secant.solve', 'secant.refine', 'secant.eval']);

export class Gate {
  readonly #models: LentModels;
  readonly #consent: Consent;
  readonly #scope: (argument: unknown) => string | undefined;

  /** `scope` is the document that a command's argument is about. */
  constructor(models: LentModels, consent: Consent, scope: (argument: unknown) => string | undefined) {
    this.#models = models;
    this.#consent = consent;
    this.#scope = scope;
  }

  /** Says so where it is declined. Rejects with Trouble where a model does not answer. */
  async allows(command: string, argument: unknown): Promise<boolean> {
    if (!STARTS.has(command) || !this.#models.lends) {
      return true;
    }
    for (const name of this.#named(this.#scope(argument), ASKS.has(command))) {
      const model = await this.#models.find(name); // what is not there is for the engine to say
      if (model !== undefined && !(await this.#consent.requested(model))) {
        declined(model.name);
        return false;
      }
    }
    return true;
  }

  #named(uri: string | undefined, asks: boolean): readonly string[] {
    const settings = workspace.getConfiguration(SECTION, uri === undefined ? undefined : Uri.parse(uri));
    return lentNames((key) => settings.get(key), asks);
  }
}

function declined(name: string): void {
  const another = l10n.t('Choose Model');
  const says = l10n.t('Nothing is sent to {0}, and no run was started. Another model can be chosen.', name);
  void window.showInformationMessage(says, another).then((chosen) => {
    return chosen === another ? commands.executeCommand('secant.chooseModel') : undefined;
  });
}

/** The lent models that settings name; none where no model is asked. `asks`: one is, whatever edits functions. */
export function lentNames(read: (key: string) => unknown, asks = false): readonly string[] {
  if (!asks && read('optimizer') === 'rewrite') {
    return [];
  }
  const named = [read('model'), read('optimizerModel')];
  const lent = named.filter((name): name is string => typeof name === 'string' && name.startsWith(PREFIX));
  return [...new Set(lent)];
}
