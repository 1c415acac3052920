/**
 * Secant in VS Code. Everything that decides is in the language server; here are a comparison, a view, a status, and the
 * server's own environment. This file only wires them.
 */

import { type ExtensionContext, Uri, workspace } from 'vscode';

import { registerCommands } from './commands';
import { SECTION } from './config';
import { Consent, withdrawConsent } from './consent';
import { Environments } from './environment';
import { Gate } from './gate';
import { askForKey, forgetKey, Keys } from './keys';
import { Lender } from './lending';
import { LentModels } from './lent';
import { createLog } from './log';
import { chooseModel } from './models';
import { createNotices } from './notices';
import { type Execute, STATE, type State } from './protocol';
import { Review } from './review';
import { showRuns } from './runs';
import { tryDemo } from './sample';
import { Session } from './session';
import { refreshed, Store, uriOf } from './state';
import { showModel, showStatus } from './status';

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  const log = createLog();
  const notices = createNotices(log);
  const environments = new Environments(log);
  const keys = new Keys(context.secrets, context.globalState);
  const lent = new LentModels();
  const consent = new Consent(context.globalState);
  const lender = new Lender(lent, consent.permits.bind(consent));
  const complete = lent.lends ? lender.complete.bind(lender) : undefined;
  const server: Session = new Session(async () => {
    // Loaded when it is needed: the language client is most of this extension, and activation is to be light.
    const { launch } = await import('./launch');
    return launch({ context, log, environments, store, review, keys, complete, allows: permitted });
  }, notices.say);
  const store: Store = new Store(() => server.request<State>(STATE, {}));
  const gate = new Gate(lent, consent, (argument) => uriOf(store.state, argument));
  const allows = gate.allows.bind(gate);
  const execute: Execute = async (command, argument) =>
    (await allows(command, argument)) ? server.execute(command, argument) : undefined;
  // A lens and a code action come past no command of this side: what goes wrong is said here.
  const permitted = async (command: string, argument: unknown) =>
    (await notices.guarded(allows)(command, argument)) === true;
  const review: Review = new Review(store, execute);
  session = server;
  context.subscriptions.push(
    log,
    environments,
    keys,
    lent,
    store,
    server,
    ...registerCommands({
      execute,
      store,
      review,
      notices,
      restart: () => server.restart(),
      showLog: () => log.show(),
      tryDemo: () => tryDemo(Uri.joinPath(context.extensionUri, 'media', 'sample')),
      chooseModel: () => chooseModel({ lent, keys, execute, log }),
      setKey: () => askForKey(keys),
      removeKey: () => forgetKey(keys),
      withdrawConsent: () => withdrawConsent(consent),
    }),
    ...showRuns(store),
    ...showStatus(server, store),
    ...showModel(),
    server.onDidChange(({ kind }) => {
      if (kind === 'running') {
        void refreshed(store, log);
      } else if (kind === 'failed') {
        store.clear();
      }
    }),
    environments.onDidChange(() => void server.notify('workspace/didChangeConfiguration', { settings: null })),
    keys.onDidChange(() => void server.restart()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SECTION}.server`)) {
        void server.restart();
      }
    }),
  );
  setImmediate(() => void server.restart());
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
