/** The list of models to choose from, and what settings a choice changes. Pure, up to the words. */

import { type LanguageModelChat, l10n, type QuickPickItem, QuickPickItemKind } from 'vscode';

import { nameOf } from './lent';
import type { ModelView } from './protocol';

/** What a line of the list stands for. */
export type Choice =
  /** `named`: the project names a model, which is not to be asked either. */
  | { readonly kind: 'none'; readonly named: boolean }
  | { readonly kind: 'project' }
  | { readonly kind: 'lent'; readonly model: string }
  | { readonly kind: 'key'; readonly model: string }
  | { readonly kind: 'local'; readonly model: string; readonly baseUrl: string | null }
  /** Its name is to be typed; `start` is what it begins with. */
  | { readonly kind: 'typed'; readonly start: string }
  | { readonly kind: 'setKey' }
  | { readonly kind: 'help' };

export interface ModelItem extends QuickPickItem {
  readonly choice?: Choice;
}

/** Settings by their names; null for what is not set. */
export interface Chosen {
  readonly model: string | null;
  readonly baseUrl: string | null;
  readonly keyVariable: string | null;
  readonly optimizer: string;
}

export const OPEN_END = '/...';

export function modelItems(
  lent: readonly LanguageModelChat[],
  known: readonly ModelView[],
  chosen: Chosen,
): readonly ModelItem[] {
  const project = known.filter(({ source }) => source === 'project');
  const others = known.filter(({ source }) => source !== 'project');
  const nothing: ModelItem = {
    label: l10n.t('No model'),
    description: l10n.t('rules and search only'),
    choice: { kind: 'none', named: project.length > 0 },
  };
  return [
    nothing,
    ...group(l10n.t('this project'), project.map(projectItem)),
    ...group(l10n.t('lent by this editor'), distinct(lent).map(lentItem)),
    ...group(l10n.t('on this machine'), others.filter(isLocal).map(localItem)),
    ...group(l10n.t('with your key'), others.filter((view) => !isLocal(view)).map(keyItem)),
    ...group(l10n.t('more'), closing(lent.length + known.length === 0)),
  ].map((item) => marked(item, chosen));
}

function group(label: string, items: readonly ModelItem[]): readonly ModelItem[] {
  return items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];
}

/** Versions of one family have one name here. */
function distinct(models: readonly LanguageModelChat[]): readonly LanguageModelChat[] {
  return [...new Map(models.map((model) => [nameOf(model), model])).values()];
}

function lentItem(model: LanguageModelChat): ModelItem {
  return {
    label: model.name || model.family,
    description: nameOf(model),
    detail: l10n.t('requests count against your subscription'),
    choice: { kind: 'lent', model: nameOf(model) },
  };
}

function isLocal({ source }: ModelView): boolean {
  return source === 'local';
}

function localItem(view: ModelView): ModelItem {
  return { ...words(view), choice: { kind: 'local', model: view.name, baseUrl: view.baseUrl ?? null } };
}

function keyItem(view: ModelView): ModelItem {
  const open = view.name.endsWith(OPEN_END);
  const start = view.name.slice(0, -OPEN_END.length + 1);
  return { ...words(view), choice: open ? { kind: 'typed', start } : { kind: 'key', model: view.name } };
}

function projectItem(view: ModelView): ModelItem {
  return { ...words(view), choice: { kind: 'project' } };
}

function words({ name, detail = '', price = '' }: ModelView): QuickPickItem {
  return { label: name, description: [price, detail].filter((part) => part !== '').join(' · ') };
}

function closing(empty: boolean): readonly ModelItem[] {
  const another = l10n.t('Another…');
  const key = l10n.t('Set an API key…');
  return [
    { label: another, description: l10n.t('name one, as litellm does'), choice: { kind: 'typed', start: '' } },
    { label: key, description: l10n.t('then the models of its provider are listed here'), choice: { kind: 'setKey' } },
    ...(empty ? [{ label: l10n.t('How to get a model'), choice: { kind: 'help' } } as const] : []),
  ];
}

function marked(item: ModelItem, chosen: Chosen): ModelItem {
  const { choice } = item;
  return choice !== undefined && isCurrent(choice, chosen) ? { ...item, label: `$(check) ${item.label}` } : item;
}

function isCurrent(choice: Choice, { model, optimizer }: Chosen): boolean {
  const off = optimizer === 'rewrite';
  switch (choice.kind) {
    case 'none':
      return model === null && (off || !choice.named);
    case 'project':
      return model === null && !off;
    case 'lent':
    case 'key':
    case 'local':
      return model === choice.model && !off;
    default:
      return false;
  }
}

/**
 * The settings that a choice changes. A model belongs to its address and key: those of the one before must not be left
 * over. The optimizer `rewrite` asks no model, and every other one but the usual needs one.
 */
export function changes(choice: Choice, now: Chosen): Partial<Chosen> {
  const wanted = { ...now, ...settings(choice, now) };
  const keys = Object.keys(now) as (keyof Chosen)[];
  return Object.fromEntries(keys.filter((key) => wanted[key] !== now[key]).map((key) => [key, wanted[key]]));
}

function settings(choice: Choice, now: Chosen): Partial<Chosen> {
  const optimizer = now.optimizer === 'rewrite' ? '' : now.optimizer;
  switch (choice.kind) {
    case 'none':
      return { model: null, optimizer: choice.named || now.optimizer !== '' ? 'rewrite' : '' };
    case 'project':
      return { model: null, baseUrl: null, keyVariable: null, optimizer };
    case 'lent':
      return { model: choice.model, optimizer };
    case 'key':
      return { model: choice.model, baseUrl: null, keyVariable: null, optimizer };
    case 'local':
      return { model: choice.model, baseUrl: choice.baseUrl, keyVariable: null, optimizer };
    case 'typed':
      return { model: choice.start, optimizer };
    default:
      return {};
  }
}
