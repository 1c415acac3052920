// The tree "Secant": runs and proposals, grouped by how they stand.

export class Runs {
  constructor(page, quick) {
    this.page = page;
    this.quick = quick;
  }

  row(text) {
    return this.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row', { hasText: text }).first();
  }
}
