// The comparison of the file with a proposal.

export class Review {
  constructor(page) {
    this.page = page;
    this.diff = page.locator('.monaco-diff-editor');
    this.current = this.diff.locator('.editor.original');
    this.proposed = this.diff.locator('.editor.modified');
    this.title = page.locator('.tab.active .label-name');
  }

  /** Waits until the comparison is drawn, with this text on the left and that on the right. */
  async shown(current, proposed) {
    await this.current.locator('.view-line', { hasText: current }).waitFor();
    await this.proposed.locator('.view-line', { hasText: proposed }).waitFor();
    await this.diff.locator('.char-insert, .line-insert').first().waitFor();
  }

  /** A button of the comparison's title, by the beginning of what it says. */
  button(label) {
    return this.page.locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${label}"]`);
  }

  async press(label) {
    await this.button(label).click();
    await this.closed();
  }

  async closed() {
    await this.diff.waitFor({ state: 'detached' });
  }
}
