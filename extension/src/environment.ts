/**
 * The user's interpreter: the Python of the active environment of a folder, as another extension knows it. Both that
 * know are optional, the newer is asked first; without them the server looks for the interpreter itself.
 */

import { type Disposable, type Event, EventEmitter, extensions, type Uri } from 'vscode';

import { Coalesced } from './coalesced';
import type { Log } from './log';
import { messageOf } from './trouble';

export interface EnvironmentProvider {
  /** The answer to a question that was asked has changed. */
  readonly onDidChange: Event<void>;
  /** The interpreter for a folder or file; undefined where nobody knows one. */
  interpreter(scope: Uri | undefined): Promise<string | undefined>;
}

/** One extension that knows environments. */
interface Source {
  interpreter(scope: Uri | undefined): Promise<string | undefined>;
  onDidChange(listener: () => void): Disposable;
}

export class Environments implements EnvironmentProvider, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #log: Log;
  readonly #answers = new Map<string, { scope: Uri | undefined; answer: string | undefined }>();
  readonly #comparison = new Coalesced(() => this.#compare());
  #sources: Promise<Source[]> | undefined;
  #subscriptions: Disposable[] = [];
  readonly #installed: Disposable;

  constructor(log: Log) {
    this.#log = log;
    this.#installed = extensions.onDidChange(() => this.#reconnect());
  }

  async interpreter(scope: Uri | undefined): Promise<string | undefined> {
    const answer = await this.#ask(scope);
    this.#answers.set(scope?.toString() ?? '', { scope, answer });
    return answer;
  }

  dispose(): void {
    this.#installed.dispose();
    this.#disconnect();
    this.#changed.dispose();
  }

  async #ask(scope: Uri | undefined): Promise<string | undefined> {
    this.#sources ??= this.#connect();
    for (const source of await this.#sources) {
      try {
        const answer = await source.interpreter(scope);
        if (answer !== undefined) {
          return answer;
        }
      } catch (error) {
        this.#log.warn(`The active Python environment cannot be asked for: ${messageOf(error)}`);
      }
    }
    return undefined;
  }

  async #connect(): Promise<Source[]> {
    const known = await Promise.all([
      this.#source('ms-python.vscode-python-envs', (api) => fromEnvironments(api as EnvironmentsApi)),
      this.#source('ms-python.python', (api) => fromPython(api as PythonApi)),
    ]);
    const sources = known.filter((source) => source !== undefined);
    this.#subscriptions = sources.map((source) => source.onDidChange(() => void this.#comparison.request()));
    return sources;
  }

  async #source(id: string, adapt: (api: unknown) => Source): Promise<Source | undefined> {
    const extension = extensions.getExtension<unknown>(id);
    if (extension === undefined) {
      return undefined;
    }
    try {
      const api = await extension.activate(); // undefined where that extension is switched off by its own settings
      return api === undefined || api === null ? undefined : adapt(api);
    } catch (error) {
      this.#log.warn(`${id} does not start, so the Python environment chosen there is unknown: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Both extensions announce the same change, each more than once: only a different answer is one. */
  async #compare(): Promise<void> {
    let different = false;
    for (const [key, { scope, answer }] of [...this.#answers]) {
      const now = await this.#ask(scope);
      different ||= now !== answer;
      this.#answers.set(key, { scope, answer: now });
    }
    if (different) {
      this.#changed.fire();
    }
  }

  #reconnect(): void {
    this.#disconnect();
    this.#sources = undefined;
    void this.#comparison.request();
  }

  #disconnect(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
    this.#subscriptions = [];
  }
}

// --- the parts of their interfaces that are used

interface EnvironmentsApi {
  getEnvironment(scope: Uri | undefined): Promise<{ execInfo: { run: { executable: string } } } | undefined>;
  onDidChangeEnvironment(listener: () => void): Disposable;
}

interface PythonApi {
  environments: {
    getActiveEnvironmentPath(scope: Uri | undefined): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath(listener: () => void): Disposable;
  };
}

function fromEnvironments(api: EnvironmentsApi): Source {
  return {
    interpreter: async (scope) => (await api.getEnvironment(scope))?.execInfo.run.executable,
    onDidChange: (listener) => api.onDidChangeEnvironment(listener),
  };
}

function fromPython({ environments }: PythonApi): Source {
  return {
    interpreter: async (scope) => {
      const resolved = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(scope));
      return resolved?.executable.uri?.fsPath;
    },
    onDidChange: (listener) => environments.onDidChangeActiveEnvironmentPath(listener),
  };
}
