import assert from 'node:assert/strict';

import { PRICING } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

const settings = {
  trust: true,
  user: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'always' },
};

scenario(
  'a folder that is not trusted is offered nothing, until it is trusted',
  async ({ window, project, workbench, step }) => {
    const dialog = window.page.locator('.monaco-dialog-box', { hasText: 'trust' });
    await dialog.locator('.monaco-button', { hasText: 'No' }).click();
    await window.editor.open(PRICING);
    await window.editor.goTo(project.lineOf(PRICING, 'def order_total'));
    await window.status('Restricted Mode').waitFor();
    assert.equal(await window.quick.offers('Secant: Optimize Function at Cursor'), false);
    assert.deepEqual(workbench.processes('secant_server'), []);
    await step('restricted');

    await window.status('Restricted Mode').click();
    const trust = window.page.locator('.workspace-trust-editor');
    await trust.locator('.monaco-button', { hasText: 'Trust' }).first().click();
    await trust.locator('text=You trust this folder').waitFor();
    await window.page.locator('.modal-editor-part, .monaco-modal-editor-block').getByRole('button', { name: 'Close' }).click();
    await trust.waitFor({ state: 'hidden' });
    await window.serverReady();
    assert.equal(await window.quick.offers('Secant: Optimize Function at Cursor'), true);
    await window.editor.goTo(1);
    await window.editor.goTo(project.lineOf(PRICING, 'def order_total'));
    await window.editor.actionMenu("Optimize 'order_total' with Secant");
    await step('trusted');
  },
  { settings },
);
