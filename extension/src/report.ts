/** The report of a run: a Markdown document of the server's, shown as a page. */

import { commands, type Uri } from 'vscode';

export async function showReport(report: Uri): Promise<void> {
  await commands.executeCommand('markdown.showPreview', report);
}
