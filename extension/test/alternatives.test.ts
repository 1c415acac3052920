import { expect, test } from 'vitest';

import { optionItems } from '../src/alternatives';
import { withAlternative } from './samples';

test('each option with its evidence, and the inputs that tell it apart', () => {
  expect(optionItems(withAlternative())).toEqual([
    {
      option: 0,
      label: '$(star-full) The proposal',
      description: 'fixed · 6/6 tests',
      detail: '`goods` becomes `paid`',
    },
    {
      option: 1,
      label: '$(versions) Alternative 1',
      description: 'fixed · 6/6 tests',
      detail:
        '`<` becomes `<=` · f(1): 3 here, 2 by the proposal · f(2): 6 here, 4 by the proposal · one more input tells them apart',
    },
  ]);
});
