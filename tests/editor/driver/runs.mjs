// The tree "Secant": runs and proposals, grouped by how they stand.

const TREE = '.tree-explorer-viewlet-tree-view';

export class Runs {
  constructor(page, quick) {
    this.page = page;
    this.quick = quick;
  }

  /** Brings the view to the front, wherever the user has put it. */
  async show() {
    await this.quick.command('View: Focus on Secant');
    await this.page.locator(TREE).first().waitFor();
  }

  row(text) {
    return this.page.locator(`${TREE} .monaco-list-row`, { hasText: text }).first();
  }
}
