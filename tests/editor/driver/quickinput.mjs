// The box at the top of the window: commands, files, lines and picks.

export class QuickInput {
  constructor(page) {
    this.page = page;
    this.box = page.locator('.quick-input-widget');
    this.input = this.box.locator('.quick-input-box input');
  }

  /** Runs a command by its title in the palette, `Secant: Optimize Function`. */
  async command(title) {
    await this.page.keyboard.press('F1');
    await this.#fill(`>${title}`);
    await this.choose(title);
  }

  /** Opens a file of the workspace by its path. */
  async file(name) {
    await this.page.keyboard.press('Control+p');
    await this.#fill(name);
    await this.box.locator(`.monaco-list-row[aria-label^="${name.split('/').at(-1)}"]`).first().click();
    await this.box.waitFor({ state: 'hidden' });
  }

  /** Moves the cursor to a line, counted from 1. */
  async line(number) {
    await this.page.keyboard.press('Control+g');
    await this.#fill(`:${number}`);
    await this.input.press('Enter');
    await this.box.waitFor({ state: 'hidden' });
  }

  /** Whether the palette knows a command of this title, of which words are in others, too. */
  async offers(title) {
    await this.page.keyboard.press('F1');
    await this.#fill(`>${title}`);
    await this.row('similar commands').waitFor(); // they come last: the list is complete
    const found = await this.row(title).isVisible();
    await this.page.keyboard.press('Escape');
    return found;
  }

  async choose(label) {
    await this.row(label).click();
  }

  /** Types into the box that asks for this, and is done with it. */
  async enter(title, text) {
    await this.box.locator('.quick-input-title', { hasText: title }).waitFor();
    await this.#fill(text);
    await this.input.press('Enter');
  }

  /** Chooses from a list that is too long to be drawn at once. */
  async find(label) {
    await this.#fill(label);
    await this.choose(label);
  }

  row(label) {
    return this.box.locator('.monaco-list-row', { hasText: label }).first();
  }

  rowWithout(label) {
    return this.box.locator('.monaco-list-row').filter({ hasNotText: label }).first();
  }

  async #fill(text) {
    await this.input.waitFor();
    await this.input.fill(text);
  }
}
