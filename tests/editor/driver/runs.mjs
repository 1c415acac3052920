// The view "Secant": runs and proposals, and how they stand.

const TREE = '.pane-body .tree-explorer-viewlet-tree-view';

export class Runs {
  constructor(page) {
    this.page = page;
  }

  /** Opens the view by its icon in the activity bar. */
  async show() {
    await this.page.locator('.part.activitybar').getByRole('tab', { name: 'Secant' }).click();
    await this.page.locator(`${TREE} .monaco-list-row`).first().waitFor();
  }

  row(text) {
    return this.page.locator(`${TREE} .monaco-list-row`, { hasText: text }).first();
  }
}
