import { expect, test } from 'vitest';

import { choiceOf, isReport, proposalUri, reportUri } from '../src/addresses';
import { Uri } from './vscode';

test('a proposal has the name of its file', () => {
  const uri = proposalUri({ proposal: '20260101-1', option: 2 }, Uri.parse('file:///project/a%20b/sh%C3%B6p.py'));
  expect(uri.scheme).toBe('secant');
  expect(uri.path).toBe('/proposal/20260101-1/2/shöp.py');
  expect(choiceOf(uri)).toEqual({ proposal: '20260101-1', option: 2 });
  expect(choiceOf(Uri.parse(uri.toString()))).toEqual({ proposal: '20260101-1', option: 2 });
});

test.each([
  'file:///proposal/p/0/a.py',
  'secant:/proposal/p/x/a.py',
  'secant:/proposal/p/0',
  'secant:/proposal//0/a.py',
  'secant:/proposal/p/0/a/b.py',
  'secant:/run/r/report.md',
])('%s shows no proposal', (uri) => {
  expect(choiceOf(Uri.parse(uri))).toBeUndefined();
});

test('nothing shows no proposal', () => {
  expect(choiceOf(undefined)).toBeUndefined();
});

test('a report is known by its address', () => {
  expect(reportUri('r1').toString()).toBe('secant:/run/r1/report.md');
  expect(isReport(reportUri('r1'))).toBe(true);
  expect(reportUri('r1', 'Basket.total').toString()).toBe('secant:/run/r1/Basket.total.md');
  expect(reportUri('r1', 'route.prompt.md').toString()).toBe('secant:/run/r1/route.prompt.md');
  expect(isReport(reportUri('r1', 'outer.<locals>.inner'))).toBe(true);
  expect(isReport(Uri.parse('file:///run/r1/report.md'))).toBe(false);
  expect(isReport(Uri.parse('secant:/proposal/p/0/a.py'))).toBe(false);
});
