/** The status: whether the server runs, what it is working on, what waits for a decision. */

import {
  commands,
  type Disposable,
  LanguageStatusSeverity,
  l10n,
  languages,
  StatusBarAlignment,
  window,
  workspace,
} from 'vscode';

import type { Chosen } from './catalogue';
import { SECTION } from './config';
import { DOCUMENTS } from './documents';
import { chosen } from './models';
import type { State } from './protocol';
import type { Phase, Session } from './session';
import { running, type Store, standing } from './state';

export function showStatus(session: Session, store: Store): Disposable[] {
  const item = languages.createLanguageStatusItem('secant', DOCUMENTS);
  item.name = 'Secant';
  const bar = window.createStatusBarItem('secant.running', StatusBarAlignment.Left, 0);
  bar.name = 'Secant';
  bar.command = 'secant.stopRun';
  const draw = (): void => {
    const shown = serverStatus(session.phase, store.state);
    Object.assign(item, shown);
    const text = barText(store.state);
    bar.text = `$(debug-stop) ${text.text}`;
    bar.tooltip = text.tooltip;
    if (text.text === '') {
      bar.hide();
    } else {
      bar.show();
    }
    publish(session.phase, store.state);
  };
  draw();
  return [item, bar, session.onDidChange(draw), store.onDidChange(draw)];
}

/** The model that is asked, beside the status of the server, and the way to another one. */
export function showModel(): Disposable[] {
  const item = languages.createLanguageStatusItem('secant.model', DOCUMENTS);
  item.name = l10n.t('Model of Secant');
  item.command = { title: l10n.t('Choose Model'), command: 'secant.chooseModel' };
  const draw = (): void => void Object.assign(item, modelStatus(chosen(window.activeTextEditor?.document.uri)));
  draw();
  return [
    item,
    window.onDidChangeActiveTextEditor(draw),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration(SECTION) && draw()),
  ];
}

export function modelStatus({ model, optimizer }: Chosen) {
  if (model === null || optimizer === 'rewrite') {
    const detail =
      optimizer === 'rewrite' ? l10n.t('rules and search only') : l10n.t('unless pyproject.toml names one');
    return { text: l10n.t('No model'), detail };
  }
  return { text: model, detail: l10n.t('model of Secant') };
}

export function serverStatus(phase: Phase, state: State) {
  const log = { title: l10n.t('Show Log'), command: 'secant.showLog' };
  switch (phase.kind) {
    case 'failed':
      return {
        text: l10n.t('Secant is not running'),
        detail: phase.message,
        severity: LanguageStatusSeverity.Error,
        busy: false,
        command: { title: l10n.t('Restart'), command: 'secant.restart' },
      };
    case 'running':
      return {
        text: `Secant ${phase.version}`.trim(),
        detail: doing(state),
        severity: LanguageStatusSeverity.Information,
        busy: running(state).length > 0,
        command: log,
      };
    default:
      return {
        text: 'Secant',
        detail: phase.kind === 'starting' ? l10n.t('starting') : l10n.t('stopped'),
        severity: LanguageStatusSeverity.Information,
        busy: phase.kind === 'starting',
        command: log,
      };
  }
}

function doing(state: State): string {
  const [runs, ready] = [running(state).length, standing(state, 'ready').length];
  const parts = [runs > 0 ? l10n.t('{0} running', runs) : '', ready > 0 ? l10n.t('{0} to review', ready) : ''];
  return parts.filter((part) => part !== '').join(' · ') || l10n.t('ready');
}

/** The button beside the editor's own progress, which has none in sight. Empty while nothing runs. */
export function barText(state: State): { readonly text: string; readonly tooltip: string } {
  const runs = running(state);
  const [first] = runs;
  if (first === undefined) {
    return { text: '', tooltip: '' };
  }
  const text = runs.length === 1 ? l10n.t('Stop {0}', first.name) : l10n.t('Stop one of {0} runs', runs.length);
  const going = runs.map((run) => `${run.name}: ${run.message}`);
  return { text, tooltip: [l10n.t('Stop optimizing and keep the best so far'), ...going].join('\n') };
}

/** What menus and keys go by, see package.json. */
function publish(phase: Phase, state: State): void {
  const facts: Readonly<Record<string, boolean>> = {
    'secant.failed': phase.kind === 'failed',
    'secant.running': running(state).length > 0,
    'secant.ready': standing(state, 'ready').length > 0,
    'secant.stale': standing(state, 'stale').length > 0,
    'secant.interrupted': state.runs.some((run) => run.state === 'interrupted'),
    'secant.alternatives': standing(state, 'ready').some((proposal) => proposal.options.length > 1),
    'secant.hasRuns': state.runs.length + state.proposals.length > 0,
  };
  for (const [key, value] of Object.entries(facts)) {
    void commands.executeCommand('setContext', key, value);
  }
}
