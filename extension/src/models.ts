/** Choosing a model: one list of all that there are, and settings that say which it is to be. */

import { ConfigurationTarget, commands, l10n, type Uri, window, workspace } from 'vscode';

import { type Choice, type Chosen, changes, modelItems } from './catalogue';
import { SECTION } from './config';
import { askForKey, type Keys } from './keys';
import type { LentModels } from './lent';
import type { Log } from './log';
import type { Execute, ModelView } from './protocol';
import { type Provider, providerOf } from './providers';
import { messageOf } from './trouble';

const HELP = { category: 'secant.secant#start', step: 'model' };

export interface Sources {
  readonly lent: LentModels;
  readonly keys: Keys;
  readonly execute: Execute;
  readonly log: Log;
}

export async function chooseModel(sources: Sources): Promise<void> {
  const scope = window.activeTextEditor?.document.uri;
  const now = chosen(scope);
  const options = { title: l10n.t('Which model shall Secant ask?'), matchOnDescription: true };
  const item = await window.showQuickPick(listed(sources, scope, now), options);
  if (item?.choice !== undefined) {
    await take(item.choice, now, scope, sources);
  }
}

/** What is set for a file or folder. */
export function chosen(scope: Uri | undefined): Chosen {
  const settings = workspace.getConfiguration(SECTION, scope);
  const text = (key: string): string | null => {
    const value: unknown = settings.get(key);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    model: text('model'),
    baseUrl: text('baseUrl'),
    keyVariable: text('keyVariable'),
    optimizer: text('optimizer') ?? '',
  };
}

async function listed({ lent, execute, log }: Sources, scope: Uri | undefined, now: Chosen) {
  const absent = (error: unknown): readonly [] => {
    log.warn(`Some models cannot be listed: ${messageOf(error)}`);
    return [];
  };
  const known = execute('secant.models', scope === undefined ? {} : { uri: scope.toString() });
  const [models, views] = await Promise.all([
    lent.all().catch(absent),
    known.then((answer) => (Array.isArray(answer) ? (answer as ModelView[]) : [])).catch(absent),
  ]);
  return modelItems(models, views, now);
}

async function take(choice: Choice, now: Chosen, scope: Uri | undefined, sources: Sources): Promise<void> {
  switch (choice.kind) {
    case 'setKey':
      return askForKey(sources.keys);
    case 'help':
      await commands.executeCommand('workbench.action.openWalkthrough', HELP);
      return;
    case 'typed': {
      const name = await typed(choice.start);
      return name === undefined ? undefined : settle({ kind: 'typed', start: name }, now, scope, sources);
    }
    default:
      return settle(choice, now, scope, sources);
  }
}

async function typed(start: string): Promise<string | undefined> {
  const name = await window.showInputBox({
    title: l10n.t('The name of the model'),
    prompt: l10n.t('As litellm has it: the provider, a slash, and its model.'),
    placeHolder: 'openai/gpt-4o-mini',
    value: start,
    valueSelection: [start.length, start.length],
    ignoreFocusOut: true,
    validateInput: wrongModel,
  });
  return name?.trim();
}

export function wrongModel(name: string): string | undefined {
  const bare = name.trim();
  return /^\S+$/.test(bare) && !bare.endsWith('/') ? undefined : l10n.t('Type a name like openai/gpt-4o-mini.');
}

async function settle(choice: Choice, now: Chosen, scope: Uri | undefined, sources: Sources): Promise<void> {
  for (const [key, value] of Object.entries(changes(choice, now))) {
    await write(key, value, scope);
  }
  const model = choice.kind === 'key' ? choice.model : choice.kind === 'typed' ? choice.start : '';
  await offerKey(model, scope, sources.keys);
}

/** For the workspace where there is one. A setting that the user has for all of them is covered, not removed. */
async function write(key: string, value: unknown, scope: Uri | undefined): Promise<void> {
  const settings = workspace.getConfiguration(SECTION, scope);
  const { globalValue, workspaceFolderValue } = settings.inspect(key) ?? {};
  const target = targetOf(key, workspaceFolderValue !== undefined);
  const empty = value === null || value === '';
  const covers = target !== ConfigurationTarget.Global && (globalValue ?? '') !== '';
  await settings.update(key, empty && !covers ? undefined : value, target);
}

/** Addresses and names of keys are the machine's: a workspace has no say in them. */
const MACHINE: ReadonlySet<string> = new Set(['baseUrl', 'keyVariable']);

function targetOf(key: string, folder: boolean): ConfigurationTarget {
  if (MACHINE.has(key) || workspace.workspaceFolders === undefined) {
    return ConfigurationTarget.Global;
  }
  return folder ? ConfigurationTarget.WorkspaceFolder : ConfigurationTarget.Workspace;
}

/** A model whose key nobody has set cannot answer, unless it is on a server of one's own. */
async function offerKey(model: string, scope: Uri | undefined, keys: Keys): Promise<void> {
  const provider = providerOf(model);
  const { baseUrl } = chosen(scope);
  if (provider === undefined || baseUrl !== null || hasKey(provider, keys)) {
    return;
  }
  const set = l10n.t('Set API Key');
  const says = l10n.t('{0} needs a key, and none is set: neither here nor as {1}.', provider.label, provider.variable);
  if ((await window.showInformationMessage(says, set)) === set) {
    await askForKey(keys, provider);
  }
}

function hasKey({ variable, also = variable }: Provider, keys: Keys): boolean {
  return [variable, also].some((name) => keys.names.includes(name) || (process.env[name] ?? '') !== '');
}
