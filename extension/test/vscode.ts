/**
 * The parts of `vscode` that the sources use, for tests without an editor. What shows something or asks somebody is a
 * spy that does nothing; a test says what it answers.
 */

import { vi } from 'vitest';
import { URI, Utils } from 'vscode-uri';

export const Uri = Object.assign(URI, { joinPath: Utils.joinPath });

export class Disposable {
  constructor(readonly dispose: () => void) {}
}

export class EventEmitter<T> {
  readonly #listeners = new Set<(event: T) => void>();

  readonly event = (listener: (event: T) => void): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(event: T): void {
    for (const listener of [...this.#listeners]) {
      listener(event);
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export const l10n = {
  t: (text: string, ...args: unknown[]): string =>
    text.replace(/\{(\d+)\}/g, (_, index) => String(args[Number(index)])),
};

export class Range {
  readonly start: { line: number; character: number };
  readonly end: { line: number; character: number };

  constructor(line: number, character: number, endLine: number, endCharacter: number) {
    this.start = { line, character };
    this.end = { line: endLine, character: endCharacter };
  }
}

export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class MarkdownString {
  value = '';

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~<>|]/g, '\\$&');
    return this;
  }
}

export class TreeItem {
  [property: string]: unknown;

  constructor(
    readonly label: string,
    readonly collapsibleState: number,
  ) {}
}

export class TabInputTextDiff {
  constructor(
    readonly original: URI,
    readonly modified: URI,
  ) {}
}

export class LanguageModelTextPart {
  constructor(readonly value: string) {}
}

export class LanguageModelChatMessage {
  constructor(
    readonly role: 'user' | 'assistant',
    readonly content: unknown,
  ) {}

  static User = (content: unknown) => new LanguageModelChatMessage('user', content);
  static Assistant = (content: unknown) => new LanguageModelChatMessage('assistant', content);
}

export class LanguageModelError extends Error {
  constructor(
    message: string,
    readonly code: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'LanguageModelError';
  }
}

export class CancellationTokenSource {
  readonly #cancelled = new EventEmitter<void>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.#cancelled.event };

  cancel(): void {
    this.token.isCancellationRequested = true;
    this.#cancelled.fire();
  }

  dispose(): void {
    this.#cancelled.dispose();
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
export const FileType = { Unknown: 0, File: 1, Directory: 2 };
export const ViewColumn = { Active: -1, Beside: -2 };

const nothing = async (..._: unknown[]): Promise<unknown> => undefined;

export const commands = { executeCommand: vi.fn(nothing), registerCommand: vi.fn(() => new Disposable(() => {})) };

export const window = {
  activeTextEditor: undefined as unknown,
  showErrorMessage: vi.fn(nothing),
  showWarningMessage: vi.fn(nothing),
  showInformationMessage: vi.fn(nothing),
  showQuickPick: vi.fn(nothing),
  showInputBox: vi.fn(nothing),
  showOpenDialog: vi.fn(nothing),
  showTextDocument: vi.fn(nothing),
  withProgress: vi.fn(),
  onDidChangeActiveTextEditor: vi.fn(() => new Disposable(() => {})),
  createOutputChannel: vi.fn(() => silentLog()),
  createTreeView: vi.fn(() => ({ badge: undefined, dispose: () => {} })),
  createStatusBarItem: vi.fn(() => ({ show: vi.fn(), hide: vi.fn(), dispose: () => {} })),
  tabGroups: { all: [] as unknown[], activeTabGroup: { activeTab: undefined as unknown }, close: vi.fn(nothing) },
};

export const workspace = {
  workspaceFolders: undefined as unknown,
  asRelativePath: (uri: URI): string => uri.path.replace(/^\/project\//, ''),
  getConfiguration: vi.fn((): unknown => ({ get: (): unknown => undefined })),
  onDidChangeConfiguration: vi.fn(() => new Disposable(() => {})),
  fs: { readDirectory: vi.fn(), createDirectory: vi.fn(), copy: vi.fn() },
};

export const languages = { createLanguageStatusItem: vi.fn(() => ({ dispose: () => {} })) };

const installed = new EventEmitter<void>();

export const extensions = {
  getExtension: vi.fn((_id: string): unknown => undefined),
  onDidChange: installed.event,
  installed,
};

export function silentLog() {
  return { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn(), show: vi.fn(), dispose: vi.fn() };
}
