/**
 * The documents in which the server finds something to work on: functions in Python, solutions in Markdown, prompts in
 * files of many names and languages, and the cases beside them. Which of them is what, the server decides.
 */

const PROMPTS = [
  '**/*.{prompt,instructions,chatmode,agent}.md',
  '**/SKILL.md',
  '**/*.{prompt,prompty}',
  '**/*.prompt.{yml,yaml}',
  '**/promptfooconfig.{yml,yaml,json}',
  '**/*.{txt,text,jinja2,jinja,j2}',
];
const CASES = '**/*.eval.{jsonl,json,yaml,yml,csv}';

export const DOCUMENTS = [
  { scheme: 'file', language: 'python' },
  { scheme: 'file', language: 'markdown' },
  ...['prompt', 'instructions', 'chatagent', 'skill'].map((language) => ({ scheme: 'file', language })),
  ...[...PROMPTS, CASES].map((pattern) => ({ scheme: 'file', pattern })),
];

/**
 * What a config or a setting may name as cases, chats or schemas, by names that say so: nothing is offered there, but a
 * run reads them as they are here, saved or not. Of files with other names it reads what was saved.
 */
export const NAMED = [
  '**/*.{jsonl,ndjson,csv,tsv}',
  '**/*{case,chat,data,example,sample,schema,test}*.{json,yaml,yml}',
].map((pattern) => ({ scheme: 'file', pattern }));
