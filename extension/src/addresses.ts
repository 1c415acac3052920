/** Addresses of the documents that the server writes: `secant:/proposal/ID/OPTION/NAME.py`, `secant:/run/ID/FUNCTION.md`. */

import { Uri } from 'vscode';

export const SCHEME = 'secant';

/** One of the texts of a proposal. */
export interface Choice {
  readonly proposal: string;
  readonly option: number;
}

/** `file` is the file that is proposed for; its name makes title and language of the document. */
export function proposalUri({ proposal, option }: Choice, file: Uri): Uri {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return Uri.from({ scheme: SCHEME, path: `/proposal/${proposal}/${option}/${name}` });
}

/** `name` is that of the function; it makes the title of the page. */
export function reportUri(run: string, name = 'report'): Uri {
  return Uri.from({ scheme: SCHEME, path: `/run/${run}/${name.replace(/\.md$/, '')}.md` });
}

/** The choice that a document shows; undefined for every other document. */
export function choiceOf(uri: Uri | undefined): Choice | undefined {
  const [, kind, proposal, option, ...rest] = uri?.scheme === SCHEME ? uri.path.split('/') : [];
  if (kind !== 'proposal' || !proposal || !/^\d+$/.test(option ?? '') || rest.length !== 1) {
    return undefined;
  }
  return { proposal, option: Number(option) };
}

export function isReport(uri: Uri): boolean {
  return uri.scheme === SCHEME && uri.path.startsWith('/run/') && uri.path.endsWith('.md');
}
