/** What goes over the wire beside LSP, as the server defines it. Fields that are not named here are ignored. */

import type { Range } from 'vscode-languageclient/node';

export type RunState = 'running' | 'finished' | 'stopped' | 'failed' | 'interrupted';
export type Standing = 'ready' | 'applied' | 'stale' | 'rejected' | 'superseded';
export type Goal = 'auto' | 'fix' | 'faster';

/** What judges: a function has tests, a prompt cases; a solution has checks, or the model's own critique. */
export type Judges = 'tests' | 'checks' | 'critique' | 'cases';

export interface RunView {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly judges: Judges;
  readonly goal: string;
  readonly state: RunState;
  readonly phase: string;
  readonly message: string;
  readonly evaluations: number;
  readonly best: string;
  readonly seconds: number;
  readonly outcome: string;
  readonly summary: string;
  /** Seconds since the epoch. */
  readonly started: number;
  readonly proposal: string | null;
  /** What it has spent on models and what that was expected to be, in words; empty or absent where none is asked. */
  readonly spent?: string;
  readonly forecast?: string;
}

/** An input on which an option and the first one differ. */
export interface Differing {
  readonly call?: string;
  readonly winner?: string;
  readonly alternative?: string;
}

export interface OptionView {
  readonly index: number;
  readonly summary: string;
  readonly rationale: string;
  readonly differs: readonly Differing[];
}

export interface ProposalView {
  readonly id: string;
  readonly run: string;
  readonly uri: string;
  readonly name: string;
  readonly judges: Judges;
  readonly standing: Standing;
  readonly summary: string;
  readonly rationale: string;
  readonly confirmed: boolean;
  /** Where its function or solution is now; null where it is not found. */
  readonly range: Range | null;
  readonly options: readonly OptionView[];
}

export interface State {
  readonly runs: readonly RunView[];
  readonly proposals: readonly ProposalView[];
}

/** The server asks for a comparison. */
export interface ReviewParams {
  readonly proposal: string;
  readonly option?: number;
  readonly uri: string;
  readonly title?: string;
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The server asks a model that the editor lends. */
export interface CompleteParams {
  readonly id: string;
  readonly run: string;
  /** As the settings name it, without the prefix: `vendor/family` or `family`. */
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly maxTokens: number | null;
}

export type FailureKind =
  | 'authentication'
  | 'not_found'
  | 'bad_request'
  | 'quota'
  | 'rate_limit'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'malformed'
  | 'empty';

export type Completion =
  | {
      readonly text: string;
      readonly model: string;
      readonly finish: 'stop' | 'length' | 'refusal';
      readonly promptTokens: number | null;
      readonly completionTokens: number | null;
    }
  | { readonly failure: { readonly kind: FailureKind; readonly message: string; readonly retryAfter: number | null } };

/** A model that the server knows of. */
export interface ModelView {
  /** As settings name it; `openai/...` where only the provider is known. */
  readonly name: string;
  readonly provider?: string;
  /** Why it is known: a key, a server of this machine, the project. */
  readonly source: string;
  readonly detail?: string;
  readonly price?: string;
  /** Where it answers, if that is not said by its name. */
  readonly baseUrl?: string | null;
}

export const STATE = 'secant/state';
export const CHANGED = 'secant/changed';
export const REVIEW = 'secant/review';
export const COMPLETE = 'secant/complete';

/** A place in a document, from 0. */
interface Place {
  readonly line: number;
  readonly character: number;
}

/** Commands of the server with their one argument. Clients must not register these ids themselves. */
export interface ServerCommands {
  'secant.optimize': { uri: string; position: Place; goal?: Goal };
  'secant.solve': { uri: string; position: Place; end?: Place };
  'secant.refine': { uri: string; position: Place };
  'secant.eval': { uri: string; position: Place };
  'secant.stop': { run: string };
  'secant.discard': { run: string };
  'secant.resume': { run: string };
  'secant.accept': { proposal: string; option?: number };
  'secant.reject': { proposal: string };
  'secant.rerun': { proposal: string };
  'secant.models': { uri?: string };
}

export type Execute = <Name extends keyof ServerCommands>(
  name: Name,
  argument: ServerCommands[Name],
) => Promise<unknown>;
