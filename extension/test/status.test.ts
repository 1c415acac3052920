import { expect, test } from 'vitest';

import { barText, serverStatus } from '../src/status';
import { aProposal, aRun } from './samples';

const NOTHING = { runs: [], proposals: [] };

test('a server that failed says why, and can be restarted', () => {
  expect(serverStatus({ kind: 'failed', message: 'There is no Python.' }, NOTHING)).toMatchObject({
    severity: 2,
    detail: 'There is no Python.',
    busy: false,
    command: { command: 'secant.restart' },
  });
});

test('while it starts it is busy', () => {
  expect(serverStatus({ kind: 'starting' }, NOTHING)).toMatchObject({ busy: true, detail: 'starting' });
  expect(serverStatus({ kind: 'stopped' }, NOTHING)).toMatchObject({ busy: false, detail: 'stopped' });
});

test('a running server says what it does and what waits', () => {
  const phase = { kind: 'running', version: '1.2.3' } as const;
  expect(serverStatus(phase, NOTHING)).toMatchObject({ text: 'Secant 1.2.3', detail: 'ready', busy: false });
  const state = { runs: [aRun(), aRun({ id: 'r2', state: 'finished' })], proposals: [aProposal()] };
  expect(serverStatus(phase, state)).toMatchObject({ detail: '1 running · 1 to review', busy: true });
});

test('the status bar offers to stop what runs', () => {
  const says = 'Stop optimizing and keep the best so far';
  expect(barText(NOTHING).text).toBe('');
  expect(barText({ runs: [aRun({ state: 'failed' })], proposals: [] }).text).toBe('');
  expect(barText({ runs: [aRun()], proposals: [] })).toEqual({
    text: 'Stop order_total',
    tooltip: `${says}\norder_total: cand 7 · 2 s`,
  });
  const runs = [aRun(), aRun({ id: 'r2', name: 'regulars', message: 'timing' })];
  expect(barText({ runs, proposals: [] })).toEqual({
    text: 'Stop one of 2 runs',
    tooltip: `${says}\norder_total: cand 7 · 2 s\nregulars: timing`,
  });
});
