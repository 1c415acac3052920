import { scenario } from './driver/scenario.mjs';

const NOTEBOOK = 'prices.ipynb';

const cell = {
  cell_type: 'code',
  execution_count: null,
  metadata: {},
  outputs: [],
  source: ['def total(prices):\n', '    return sum(prices)'],
};
const notebook = { cells: [cell], metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 };

scenario(
  'a cell of a notebook is declined with a reason',
  async ({ window, step }) => {
    await window.quick.file(NOTEBOOK);
    await window.page.locator('.notebookOverlay .cell .view-line', { hasText: 'def total' }).click();
    await window.page.locator('.notebookOverlay .monaco-editor.focused').waitFor();
    await window.command('Secant: Optimize Function at Cursor');
    await window.notifications.shown('does not optimize cells of a notebook').waitFor();
    await step('the reason');
  },
  { prepare: (project) => project.write(NOTEBOOK, JSON.stringify(notebook)) },
);
