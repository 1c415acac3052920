/** What a person is told in a message: one sentence, and what can be done about it with a click. */

import { commands, l10n, window } from 'vscode';

import type { Log } from './log';
import { messageOf, type Remedy, Trouble } from './trouble';

export interface Notices {
  /** Says it, with the detail in the log. */
  readonly say: (error: unknown) => void;
  /** Wraps a command: what it throws is said. */
  readonly guarded: <A extends unknown[]>(action: (...args: A) => unknown) => (...args: A) => Promise<unknown>;
}

export function createNotices(log: Log): Notices {
  const actions: Readonly<Record<Remedy, readonly [title: string, command: string, argument?: string]>> = {
    log: [l10n.t('Show Log'), 'secant.showLog'],
    settings: [l10n.t('Open Settings'), 'workbench.action.openSettings', 'secant.server'],
    retry: [l10n.t('Try Again'), 'secant.restart'],
  };
  const say = (error: unknown): void => {
    const trouble = error instanceof Trouble ? error : new Trouble(`Secant: ${messageOf(error)}`, stackOf(error));
    log.error(trouble.message);
    if (trouble.detail !== '') {
      log.error(trouble.detail);
    }
    const offered = trouble.remedies.map((remedy) => actions[remedy]);
    void window.showErrorMessage(trouble.message, ...offered.map(([title]) => title)).then((chosen) => {
      const [, command, ...args] = offered.find(([title]) => title === chosen) ?? [];
      return command === undefined ? undefined : commands.executeCommand(command, ...args);
    });
  };
  const guarded: Notices['guarded'] =
    (action) =>
    async (...args) => {
      try {
        return await action(...args);
      } catch (error) {
        say(error);
        return undefined;
      }
    };
  return { say, guarded };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
