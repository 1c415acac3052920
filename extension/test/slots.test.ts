import { expect, test } from 'vitest';

import { Slots } from '../src/slots';
import { deferred } from './samples';

test('at most so many at a time, in the order in which they came', async () => {
  const slots = new Slots(2);
  const gates = [deferred(), deferred(), deferred(), deferred()];
  const begun: number[] = [];
  const runs = gates.map((gate, index) =>
    slots.run(() => {
      begun.push(index);
      return gate.promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  await runs[1];
  expect(begun).toEqual([0, 1, 2]);
  gates[0]?.resolve();
  await runs[0];
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('one that fails makes room, too', async () => {
  const slots = new Slots(1);
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run(async () => 7)).toBe(7);
});
