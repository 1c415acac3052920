// The active text editor: its tab, cursor, text, code actions.

import { until } from './until.mjs';

const ACTIVE = '.editor-group-container.active .editor-instance';
const LIGHT_BULB = `${ACTIVE} :is(.lightBulbWidget, .codicon-gutter-lightbulb)`;
const MENU = 3000; // milliseconds in which a menu comes, or never does

export class Editor {
  constructor(page, quick) {
    this.page = page;
    this.quick = quick;
  }

  async open(name) {
    await this.quick.file(name);
    await this.tab(name, '.active').waitFor();
    await this.page.locator(`${ACTIVE} .view-line`).first().waitFor();
    await this.focused();
  }

  /** The tab of a file, of the state that the classes say: `.active`, `.dirty`. */
  tab(name, state = '') {
    return this.page.locator(`.tab${state}[data-resource-name="${name.split('/').at(-1)}"]`);
  }

  line(text) {
    return this.page.locator(`${ACTIVE} .view-line`, { hasText: text }).first();
  }

  async goTo(line) {
    await this.quick.line(line);
    await this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col 1` }).waitFor();
    await this.focused();
  }

  async focused() {
    await this.page.locator('.editor-instance .monaco-editor.focused').waitFor();
  }

  async type(text) {
    await this.focused();
    await this.page.keyboard.type(text);
  }

  /** Puts a new line before the one that the cursor is on. */
  async insertLineAbove(text) {
    await this.page.keyboard.press('Control+Shift+Enter');
    await this.type(text);
  }

  async deleteLine() {
    await this.focused();
    await this.page.keyboard.press('Control+Shift+k');
  }

  async undo() {
    await this.focused();
    await this.page.keyboard.press('Control+z');
  }

  /** Saves the active file and waits until it is on the disk. */
  async save(name) {
    await this.tab(name, '.active.dirty').waitFor();
    await this.focused();
    await this.page.keyboard.press('Control+s');
    await this.tab(name, '.dirty').waitFor({ state: 'detached' });
  }

  /**
   * Opens the menu of the light bulb at the cursor and gives the action of this title. The key is pressed again where
   * no menu comes: VS Code drops a request for actions when, in the same moment, any extension registers some of its own
   * (CodeActionModel in VS Code 1.139), as its built-in ones do for seconds after the start. A user presses again too.
   */
  async actionMenu(title) {
    await this.focused();
    await this.page.locator(LIGHT_BULB).first().waitFor();
    const action = this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    await until(`the menu offers "${title}"`, async () => {
      await this.page.keyboard.press('Control+.');
      return appears(action);
    });
    return action;
  }

  /** A code lens, or a part of one, by its text. */
  lens(text) {
    return this.page.locator(`${ACTIVE} .codelens-decoration a, ${ACTIVE} .codelens-decoration span`, { hasText: text });
  }

  /** Applies by the lens, and waits for a line of what is applied. */
  async apply(text) {
    await this.lens('Apply').click();
    await this.line(text).waitFor();
  }
}

async function appears(locator) {
  try {
    await locator.waitFor({ timeout: MENU });
    return true;
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
    return false;
  }
}
