/**
 * The documents in which the server finds something to work on: functions in Python, solutions in Markdown, prompts in
 * files of many names and languages, and the cases beside them. Which of them is what, the server decides.
 */

const PROMPTS = [
  '**/*.{prompt,instructions,chatmode,agent}.md',
  '**/SKILL.md',
  '**/*.prompty',
  '**/*.prompt.{yml,yaml}',
  '**/promptfooconfig.{yml,yaml,json}',
  '**/*.{txt,jinja2,jinja,j2}',
];
const CASES = '**/*.eval.{jsonl,json,yaml,yml,csv}';

export const DOCUMENTS = [
  { scheme: 'file', language: 'python' },
  { scheme: 'file', language: 'markdown' },
  ...['prompt', 'instructions', 'chatagent', 'skill'].map((language) => ({ scheme: 'file', language })),
  ...[...PROMPTS, CASES].map((pattern) => ({ scheme: 'file', pattern })),
];
