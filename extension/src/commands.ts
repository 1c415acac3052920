/** The commands of this side. Their ids differ from the server's, which its client registers. */

import { commands, type Disposable, l10n, type Position, window } from 'vscode';

import { reportUri } from './addresses';
import type { Notices } from './notices';
import type { Execute, Goal, ProposalView } from './protocol';
import { showReport } from './report';
import type { Review } from './review';
import { nameOf, running, type Store, standing } from './state';
import { proposalFor, runFor } from './targets';
import { Trouble } from './trouble';

export interface Tools {
  readonly execute: Execute;
  readonly store: Store;
  readonly review: Review;
  readonly notices: Notices;
  readonly restart: () => Promise<void>;
  readonly showLog: () => void;
  readonly tryDemo: () => Promise<void>;
  readonly chooseModel: () => Promise<void>;
  readonly setKey: () => Promise<void>;
  readonly removeKey: () => Promise<void>;
  readonly withdrawConsent: () => Promise<void>;
}

type Handler = (argument?: unknown, option?: unknown) => unknown;

export function registerCommands(tools: Tools): Disposable[] {
  const { notices, restart, showLog, tryDemo } = tools;
  const handlers: Readonly<Record<string, Handler>> = {
    ...starting(tools.execute),
    'secant.refineHere': refining(tools.execute),
    'secant.refinePrompt': withPrompt(tools.execute, 'secant.refine'),
    'secant.scorePrompt': withPrompt(tools.execute, 'secant.eval'),
    ...ofProposals(tools),
    ...ofRuns(tools),
    'secant.restart': restart,
    'secant.showLog': showLog,
    'secant.tryDemo': tryDemo,
    'secant.chooseModel': () => tools.chooseModel(),
    'secant.setKey': () => tools.setKey(),
    'secant.removeKey': () => tools.removeKey(),
    'secant.withdrawConsent': () => tools.withdrawConsent(),
  };
  return Object.entries(handlers).map(([id, handler]) => commands.registerCommand(id, notices.guarded(handler)));
}

function starting(execute: Execute): Record<string, Handler> {
  const start = (goal?: Goal) => async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) {
      throw new Trouble(l10n.t('Open a Python file and put the cursor into the function to optimize.'), '', []);
    }
    const uri = editor.document.uri.toString();
    await execute('secant.optimize', {
      uri,
      position: at(editor.selection.active),
      ...(goal === undefined ? {} : { goal }),
    });
  };
  return { 'secant.optimizeHere': start(), 'secant.fixHere': start('fix'), 'secant.fasterHere': start('faster') };
}

/** The solution at the cursor; with a selection, the section around it. */
function refining(execute: Execute): Handler {
  return async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) {
      throw new Trouble(l10n.t('Open a Markdown file and put the cursor into the solution to refine.'), '', []);
    }
    const { active, start, end, isEmpty } = editor.selection;
    const uri = editor.document.uri.toString();
    await execute('secant.solve', { uri, ...(isEmpty ? { position: at(active) } : lines(start, end)) });
  };
}

/** The prompt in the file that is edited. */
function withPrompt(execute: Execute, command: 'secant.refine' | 'secant.eval'): Handler {
  return async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) {
      throw new Trouble(
        l10n.t('Open a prompt file, for example a .prompt.md with its cases in a .eval.jsonl.'),
        '',
        [],
      );
    }
    await execute(command, { uri: editor.document.uri.toString(), position: at(editor.selection.active) });
  };
}

/** A selection of whole lines ends at the beginning of the next one, which is not meant. */
function lines(start: Position, end: Position) {
  const last = end.character === 0 ? Math.max(start.line, end.line - 1) : end.line;
  return { position: at(start), end: { line: last, character: 0 } };
}

function at({ line, character }: Position) {
  return { line, character };
}

function ofProposals({ execute, store, review }: Tools): Record<string, Handler> {
  const about =
    (kind: ProposalView['standing'], act: (choice: { proposal: string; option: number }) => unknown): Handler =>
    async (argument, option) => {
      const choice = await proposalFor(argument, option, standing(store.state, kind));
      return choice === undefined ? undefined : act(choice);
    };
  return {
    'secant.review': about('ready', (choice) => review.show(choice)),
    'secant.acceptProposal': about('ready', (choice) => review.accept(choice)),
    'secant.rejectProposal': about('ready', (choice) => review.reject(choice)),
    'secant.chooseAlternative': about('ready', (choice) => review.choose(choice)),
    'secant.runAgain': about('stale', ({ proposal }) => execute('secant.rerun', { proposal })),
  };
}

function ofRuns({ execute, store }: Tools): Record<string, Handler> {
  const interrupted = () => store.state.runs.filter((run) => run.state === 'interrupted');
  const about =
    (pool: () => Parameters<typeof runFor>[1], act: (run: string) => unknown): Handler =>
    async (argument) => {
      const run = await runFor(argument, pool());
      return run === undefined ? undefined : act(run);
    };
  return {
    'secant.stopRun': about(
      () => running(store.state),
      (run) => execute('secant.stop', { run }),
    ),
    'secant.discardRun': about(
      () => running(store.state),
      (run) => execute('secant.discard', { run }),
    ),
    'secant.resumeRun': about(interrupted, (run) => execute('secant.resume', { run })),
    'secant.openReport': about(
      () => store.state.runs,
      (run) => showReport(reportUri(run, nameOf(store.state, run))),
    ),
  };
}
