import { expect, test } from 'vitest';

import { Coalesced } from '../src/coalesced';
import { deferred } from './samples';

test('whoever asks while it runs shares one more run', async () => {
  const gates = [deferred(), deferred()];
  let runs = 0;
  const task = new Coalesced(() => gates[runs++]?.promise ?? Promise.reject(new Error('a third run')));

  const first = task.request();
  const later = [task.request(), task.request(), task.request()];
  expect(runs).toBe(1);
  gates[0]?.resolve();
  await first;
  gates[1]?.resolve();
  await Promise.all(later);

  expect(runs).toBe(2);
  expect(task.current).toBeUndefined();
});

test('a failed run is told to those who asked for it, and the next one starts', async () => {
  const gate = deferred();
  const outcomes = [gate.promise, Promise.resolve()];
  const task = new Coalesced(() => outcomes.shift() ?? Promise.reject(new Error('too many')));

  const first = task.request();
  const second = task.request();
  gate.reject(new Error('broken'));

  await expect(first).rejects.toThrow('broken');
  await expect(second).resolves.toBeUndefined();
});

test('what is asked for after the end starts at once', async () => {
  let runs = 0;
  const task = new Coalesced(async () => {
    runs += 1;
  });
  await task.request();
  await task.request();
  expect(runs).toBe(2);
});
