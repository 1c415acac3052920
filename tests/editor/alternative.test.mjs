import assert from 'node:assert/strict';

import { ANALYSER } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

// The winner also remembers who was seen; the alternative only looks up who is known.
scenario('an alternative is picked, reviewed and accepted', async ({ window, project, step }) => {
  await window.optimize(project, ANALYSER, 'returning_visitors');
  await window.notifications.answer('returning_visitors: ', 'Review');
  await window.review.shown('if entry.visitor in known', 'seen = set()');
  await window.command('Secant: Choose Alternative…');
  const other = window.quick.row('looks up known in a set');
  await other.waitFor();
  await step('the pick');
  await other.click();
  await window.review.proposed.locator('.view-line', { hasText: 'seen = set()' }).waitFor({ state: 'detached' });
  await window.review.shown('if entry.visitor in known', 'known_set = set(known)');
  await step('the alternative');
  await window.review.press('Accept');
  await window.editor.save(ANALYSER);
  const text = project.read(ANALYSER);
  assert.match(text, /known_set = set\(known\)/);
  assert.doesNotMatch(text, /seen/);
});
