// A prompt file that routes tickets, with Windows line ends and a front matter, and the same prompt as a constant of a
// Python file; cases for each, and a model for it: as a program it knows the codes that its prompt names, as an optimizer
// it names them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { ModelServer } from './modelserver.mjs';
import { PYTHON } from './places.mjs';
import { Project } from './project.mjs';

export const PROMPT = 'prompts/route.prompt.md';
export const ROWS = 'prompts/route.eval.jsonl';
export const MODULE = 'prompts/desk.py';
export const CONSTANT = 'Desk.ROUTE';

const LOOSE = 'Answer with the queue.';
const STRICT = 'Answer with a code alone: BIL for money, TEC for defects, SHP for parcels.';
const TEXT = [
  '---',
  "description:   'Route: a ticket'   # spaces and comment stay",
  'tools: [ "search" ]',
  '---',
  '',
  'Which queue gets this ticket? ${input:ticket}',
  '',
  LOOSE,
  '',
  '',
].join('\r\n');
const SOURCE = [
  '"""What the desk says."""',
  '',
  'GREETING = "Hello, how can we help?"',
  '',
  '',
  'class Desk:',
  '    limit = 3',
  '    ROUTE = (',
  "        'Which queue gets this ticket? {ticket}\\n'  # its text",
  '        "\\n"',
  `        "${LOOSE}\\n"`,
  '    ).strip()  # kept',
  '',
  '    def route(self, ticket):',
  '        return self.ROUTE.format(ticket=ticket)',
  '',
].join('\r\n');
const TICKETS = [
  ['I was charged twice for number %', 'BIL', 'Billing'],
  ['The app crashes on page %', 'TEC', 'Technical'],
  ['Where is my parcel % today', 'SHP', 'Shipping'],
];

/** Puts the prompts and 30 cases for each into a project; with `recorded` each has an answer, of which the first ten are wrong. */
export function withTickets(project, { recorded = false } = {}) {
  project.write(PROMPT, TEXT);
  project.write(MODULE, SOURCE);
  const rows = Array.from({ length: 30 }, (_, number) => {
    const [words, code, queue] = TICKETS[number % 3];
    const answer = recorded ? { recorded: number < 10 ? queue : code } : {};
    return JSON.stringify({ ticket: words.replace('%', number), expected: code, ...answer });
  });
  for (const name of [ROWS, MODULE.replace('.py', '.eval.jsonl')]) project.write(name, `${rows.join('\n')}\n`);
}

/** The prompt with the codes. */
export function routed(text) {
  return text.replace(LOOSE, STRICT);
}

function answerTo(text) {
  const tag = /<IMPROVED(\w*)>/.exec(text);
  if (tag === null) {
    const ticket = text.slice(text.lastIndexOf('ticket?'));
    const [, code, queue] = TICKETS.find(([words]) => ticket.includes(words.split(' %')[0]));
    return text.includes(`${code} for`) ? code : queue;
  }
  const [, end] = tag;
  const [, current] = new RegExp(`<CURRENT${end}>\\n([^]*?)\\n</CURRENT${end}>`).exec(text);
  return `<NOTE${end}>\nnames the codes\n</NOTE${end}>\n<IMPROVED${end}>\n${routed(current)}\n</IMPROVED${end}>`;
}

/** Refines both prompts once in another project, and records what the model says. */
export async function record() {
  const model = await ModelServer.start(answerTo);
  const project = new Project();
  withTickets(project);
  const cassette = path.join(project.folder, 'tickets.jsonl');
  const levels = { program: { model: 'openai/parrot', base_url: model.baseUrl } };
  try {
    for (const target of [PROMPT, `${MODULE}::${CONSTANT}`]) {
      await refined(project, { target, folder: project.root, models: { levels, record: cassette } });
    }
    return { cassette, dispose: () => project.dispose() };
  } finally {
    await model.stop();
  }
}

async function refined(project, request) {
  const engine = spawn(PYTHON, ['-m', 'secant.machine'], { cwd: project.root, stdio: ['pipe', 'pipe', 'inherit'] });
  engine.stdin.write(`${JSON.stringify({ refine: request })}\n`);
  let last;
  for await (const line of createInterface({ input: engine.stdout })) {
    last = JSON.parse(line);
    if (['finished', 'failed'].includes(last.type)) break;
  }
  if (last.outcome !== 'improved') throw new Error(`nothing was recorded: ${JSON.stringify(last)}`);
  engine.stdin.end();
  await once(engine, 'close');
}
