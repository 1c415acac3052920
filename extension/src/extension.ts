/**
 * Secant in VS Code. Everything that decides is in the language server; here are a comparison, a view, a status, and the
 * server's own environment. This file only wires them.
 */

import { type ExtensionContext, Uri, workspace } from 'vscode';

import { registerCommands } from './commands';
import { SECTION } from './config';
import { Environments } from './environment';
import { createLog } from './log';
import { createNotices } from './notices';
import { STATE, type State } from './protocol';
import { Review } from './review';
import { showRuns } from './runs';
import { tryDemo } from './sample';
import { Session } from './session';
import { refreshed, Store } from './state';
import { showStatus } from './status';

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  const log = createLog();
  const notices = createNotices(log);
  const environments = new Environments(log);
  const server: Session = new Session(async () => {
    // Loaded when it is needed: the language client is most of this extension, and activation is to be light.
    const { launch } = await import('./launch');
    return launch({ context, log, environments, store, review });
  }, notices.say);
  const execute = server.execute.bind(server);
  const store: Store = new Store(() => server.request<State>(STATE, {}));
  const review: Review = new Review(store, execute);
  session = server;
  context.subscriptions.push(
    log,
    environments,
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
    }),
    ...showRuns(store),
    ...showStatus(server, store),
    server.onDidChange(({ kind }) => {
      if (kind === 'running') {
        void refreshed(store, log);
      } else if (kind === 'failed') {
        store.clear();
      }
    }),
    environments.onDidChange(() => void server.notify('workspace/didChangeConfiguration', { settings: null })),
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
