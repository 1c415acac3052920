/**
 * Secant in VS Code. Everything that decides is in the language server; here are a comparison, a view, a status, and the
 * server's own environment. This file only wires them.
 */

import { type ExtensionContext, type LogOutputChannel, Uri, workspace } from 'vscode';

import { registerCommands } from './commands';
import { SECTION, serverSettings } from './config';
import { Environments } from './environment';
import type { Site } from './install';
import { createLog } from './log';
import { createNotices } from './notices';
import { STATE, type State } from './protocol';
import { showReport } from './report';
import { Review } from './review';
import { showRuns } from './runs';
import { tryDemo } from './sample';
import { type Connection, Session } from './session';
import { Store } from './state';
import { showStatus } from './status';

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  const log = createLog();
  const notices = createNotices(log);
  const environments = new Environments(log);
  const server: Session = new Session(() => connect(context, log, environments, store, review), notices.say);
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
    server.onDidChange(({ kind }) => (kind === 'running' ? void store.refresh().catch(log.warn) : store.clear())),
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

async function connect(
  context: ExtensionContext,
  log: LogOutputChannel,
  environments: Environments,
  store: Store,
  review: Review,
): Promise<Connection> {
  // Loaded when they are needed: the language client is most of this extension, and activation is to be light.
  const [{ serverCommand }, { createClient }] = await Promise.all([import('./server'), import('./client')]);
  const site: Site = {
    storage: context.globalStorageUri.fsPath,
    bundled: Uri.joinPath(context.extensionUri, 'bundled').fsPath,
    version: String(context.extension.packageJSON.version),
    platform: process.platform,
  };
  const command = await serverCommand(serverSettings(), site, log);
  log.info(`Starting the server: ${[command.program, ...command.args].join(' ')}`);
  const changed = () => void store.refresh().catch((error: unknown) => log.warn(String(error)));
  return createClient(
    command,
    environments,
    { review: (params) => review.requested(params), report: showReport, changed },
    log,
  );
}
