/** The language client: what it says of this editor, and the few places where it does not do what is usual. */

import { createInterface } from 'node:readline';
import { type CancellationToken, type LogOutputChannel, l10n, Uri } from 'vscode';
import {
  type ClientCapabilities,
  CloseAction,
  type CloseHandlerResult,
  type ConfigurationParams,
  type ErrorHandler,
  type FeatureState,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  type StaticFeature,
} from 'vscode-languageclient/node';

import { isReport } from './addresses';
import { forServer, SECTION } from './config';
import { DOCUMENTS, NAMED } from './documents';
import type { EnvironmentProvider } from './environment';
import { CHANGED, COMPLETE, type CompleteParams, type Completion, REVIEW, type ReviewParams } from './protocol';
import type { ServerCommand } from './server';
import { messageOf, Trouble } from './trouble';

/** What it does when the server crashes is quiet: whoever watches its state says so, in one place. */
export class Client extends LanguageClient {
  /** The server crashed too often, or before it ever ran: it is not started again. */
  gaveUp = false;

  #lastWords = '';

  /** Throws Trouble with the last that the server wrote: an error of the connection itself says nothing. */
  override async start(): Promise<void> {
    try {
      await super.start();
    } catch (error) {
      const reason = (this.#lastWords || messageOf(error)).trim().replace(/\.$/, '');
      const next = l10n.t('If secant.server.command is set, see that it starts the server, or remove it.');
      const detail = error instanceof Error ? (error.stack ?? '') : '';
      throw new Trouble(`${l10n.t("Secant's server does not start: {0}.", reason)} ${next}`, detail, [
        'log',
        'settings',
        'retry',
      ]);
    }
  }

  /** The server writes free text to stderr; the usual client would call every line of it an error. */
  listen(input: NodeJS.ReadableStream, log: LogOutputChannel): void {
    createInterface({ input }).on('line', (line) => {
      this.#lastWords = line.trim() || this.#lastWords;
      log.info(line);
    });
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  errorHandler(): ErrorHandler {
    const usual = this.createDefaultErrorHandler();
    return {
      error: async (error, message, count) => ({ ...(await usual.error(error, message, count)), handled: true }),
      closed: async (): Promise<CloseHandlerResult> => {
        const ran = this.initializeResult !== undefined;
        const result = ran ? await usual.closed() : { action: CloseAction.DoNotRestart };
        this.gaveUp = result.action === CloseAction.DoNotRestart;
        return { ...result, handled: true };
      },
    };
  }
}

/** What the server may ask of the rest of the extension. */
export interface Requests {
  review(params: ReviewParams): Promise<void>;
  report(uri: Uri): Promise<void>;
  changed(): void;
  /** Undefined in an editor that lends no models. */
  readonly complete: ((params: CompleteParams, token: CancellationToken) => Promise<Completion>) | undefined;
  /** Whether a command that starts from a lens or a code action may go to the server. */
  allows(command: string, argument: unknown): Promise<boolean>;
}

/** `environment` is for the server's process alone, in addition to what this one has. */
export function createClient(
  command: ServerCommand,
  environment: Readonly<Record<string, string>>,
  environments: EnvironmentProvider,
  requests: Requests,
  log: LogOutputChannel,
): Client {
  const { program, args, cwd } = command;
  const options: LanguageClientOptions = {
    documentSelector: [...DOCUMENTS, ...NAMED],
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: middleware(environments, requests),
    initializationFailedHandler: () => false,
    stdioOptions: { stdout: (input) => client.listen(input, log), stderr: (input) => client.listen(input, log) },
  };
  const client: Client = new Client(
    'secant',
    'Secant',
    { command: program, args: [...args], options: { cwd, env: environment } },
    options,
  );
  client.clientOptions.errorHandler = client.errorHandler();
  const { complete } = requests;
  client.registerFeature(new Capabilities(complete !== undefined));
  client.onRequest(REVIEW, async (params: ReviewParams) => {
    await requests.review(params);
    return null;
  });
  client.onNotification(CHANGED, () => requests.changed());
  if (complete !== undefined) {
    client.onRequest(COMPLETE, complete);
  }
  return client;
}

/** Tells the server that it may use the comparison and the list of runs, and the models of this editor if it lends any. */
class Capabilities implements StaticFeature {
  readonly #lentModels: boolean;

  constructor(lentModels: boolean) {
    this.#lentModels = lentModels;
  }

  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const others = capabilities.experimental as Record<string, unknown> | undefined;
    capabilities.experimental = { ...others, secant: { review: true, state: true, lentModels: this.#lentModels } };
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {}
}

function middleware(environments: EnvironmentProvider, requests: Requests): Middleware {
  return {
    executeCommand: async (command, args: unknown[], next): Promise<unknown> =>
      (await requests.allows(command, args[0])) ? next(command, args) : undefined,
    workspace: {
      configuration: async (params, token, next) => {
        const values = await next(params, token);
        return Array.isArray(values) ? Promise.all(values.map((value, index) => filled(value, params, index))) : values;
      },
    },
    window: {
      // A report is to be read, not edited: the usual answer is an editor with the Markdown's source.
      showDocument: async (params, token, next) => {
        const uri = Uri.parse(params.uri);
        if (!isReport(uri)) {
          return next(params, token);
        }
        await requests.report(uri);
        return { success: true };
      },
    },
  };

  function filled(value: unknown, params: ConfigurationParams, index: number): unknown {
    const { section, scopeUri } = params.items[index] ?? {};
    const scope = scopeUri === undefined ? undefined : Uri.parse(scopeUri);
    return section === SECTION ? forServer(value, () => environments.interpreter(scope)) : value;
  }
}
