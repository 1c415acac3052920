/** What it takes to start the server: its settings, its command, and a client that is not connected yet. */

import { type ExtensionContext, type LogOutputChannel, Uri } from 'vscode';

import { type Client, createClient, type Requests } from './client';
import { serverSettings } from './config';
import type { EnvironmentProvider } from './environment';
import type { Site } from './install';
import type { Keys } from './keys';
import { showReport } from './report';
import type { Review } from './review';
import { serverCommand } from './server';
import { refreshed, type Store } from './state';

export interface Launching {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly environments: EnvironmentProvider;
  readonly store: Store;
  readonly review: Review;
  readonly keys: Keys;
  readonly complete: Requests['complete'];
  readonly allows: Requests['allows'];
}

/** Throws Trouble. */
export async function launch(launching: Launching): Promise<Client> {
  const { context, log, environments, store, review, keys, complete, allows } = launching;
  const { version } = context.extension.packageJSON as { version: string };
  const site: Site = {
    storage: context.globalStorageUri.fsPath,
    bundled: Uri.joinPath(context.extensionUri, 'bundled').fsPath,
    version,
    platform: process.platform,
  };
  const command = await serverCommand(serverSettings(), site, log);
  log.info(`Starting the server: ${[command.program, ...command.args].join(' ')}`);
  const requests: Requests = {
    review: review.requested.bind(review),
    report: showReport,
    changed: () => void refreshed(store, log),
    complete,
    allows,
  };
  return createClient(command, await keys.environment(), environments, requests, log);
}
