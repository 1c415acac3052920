/** The life of the server as this window sees it: started once, restarted on request, and asked only while it runs. */

import { type Disposable, type Event, EventEmitter, l10n } from 'vscode';

import { Coalesced } from './coalesced';
import { messageOf, Trouble } from './trouble';

export type Phase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly version: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'stopped' };

/** The client as far as it is needed here; the numbers of its states are those of vscode-languageclient. */
export interface Connection {
  start(): Promise<void>;
  dispose(): Promise<void>;
  sendRequest<R>(method: string, params?: unknown): Promise<R>;
  sendNotification(method: string, params?: unknown): Promise<void>;
  onDidChangeState(listener: (change: { newState: number }) => void): Disposable;
  readonly initializeResult: { serverInfo?: { version?: string } } | undefined;
  /** The server crashed too often and is not started again. */
  readonly gaveUp: boolean;
}

const RUNNING = 2;
const START_FAILED = 4;

export class Session implements Disposable {
  readonly #changed = new EventEmitter<Phase>();
  readonly onDidChange: Event<Phase> = this.#changed.event;
  readonly #connect: () => Promise<Connection>;
  readonly #say: (trouble: Trouble) => void;
  readonly #restart = new Coalesced(() => this.#begin());
  #connection: Connection | undefined;
  #phase: Phase = { kind: 'stopped' };
  #closed = false;

  /** `connect` makes a client that was not started yet; `say` tells a person why there is none. */
  constructor(connect: () => Promise<Connection>, say: (trouble: Trouble) => void) {
    this.#connect = connect;
    this.#say = say;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Starts the server, or starts it again. Never rejects: what goes wrong is said, and is the phase. */
  restart(): Promise<void> {
    return this.#restart.request();
  }

  /** Asks the server, waiting for it where it is starting. Rejects with Trouble where it does not start. */
  async request<R>(method: string, params: unknown): Promise<R> {
    return (await this.#ready()).sendRequest<R>(method, params);
  }

  async execute(command: string, argument: unknown): Promise<unknown> {
    return this.request('workspace/executeCommand', { command, arguments: [argument] });
  }

  /** Tells the server, if there is one: whatever starts later will ask by itself. */
  async notify(method: string, params: unknown): Promise<void> {
    if (this.#phase.kind === 'running') {
      await this.#connection?.sendNotification(method, params);
    }
  }

  async stop(): Promise<void> {
    this.#closed = true;
    await this.#restart.current;
    await this.#end();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #ready(): Promise<Connection> {
    await (this.#restart.current ?? (this.#connection === undefined ? this.restart() : undefined));
    if (this.#connection === undefined) {
      const reason = this.#phase.kind === 'failed' ? this.#phase.message : l10n.t('It was stopped.');
      throw new Trouble(l10n.t("Secant's server is not running. {0}", reason), '', ['retry', 'log']);
    }
    return this.#connection;
  }

  async #begin(): Promise<void> {
    await this.#end();
    if (this.#closed) {
      return;
    }
    this.#enter({ kind: 'starting' });
    try {
      const connection = await this.#connect();
      await connection.start();
      this.#connection = connection;
      connection.onDidChangeState(({ newState }) => this.#moved(connection, newState));
      this.#moved(connection, RUNNING);
    } catch (error) {
      this.#fail(error instanceof Trouble ? error : unexpected(error));
    }
  }

  #fail(trouble: Trouble): void {
    this.#connection = undefined;
    this.#enter({ kind: 'failed', message: trouble.message });
    this.#say(trouble);
  }

  async #end(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) {
      this.#enter({ kind: 'stopped' });
      await connection.dispose().catch(() => undefined); // one that died already cannot be stopped
    }
  }

  /** The client starts a crashed server again by itself, until it has seen too many crashes. */
  #moved(connection: Connection, state: number): void {
    if (connection !== this.#connection) {
      return;
    }
    if (state === RUNNING) {
      this.#enter({ kind: 'running', version: connection.initializeResult?.serverInfo?.version ?? '' });
    } else if (connection.gaveUp || state === START_FAILED) {
      this.#fail(new Trouble(l10n.t("Secant's server ended unexpectedly, too often."), '', ['log', 'retry']));
    } else {
      this.#enter({ kind: 'starting' });
    }
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#changed.fire(phase);
  }
}

function unexpected(error: unknown): Trouble {
  const message = l10n.t("Secant's server does not start: {0}.", messageOf(error).trim().replace(/\.$/, ''));
  return new Trouble(message, error instanceof Error ? (error.stack ?? '') : '', ['log', 'retry', 'settings']);
}
