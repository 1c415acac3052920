// A provider of one chat model. Its answers are in the folder that SECANT_LENDER names: `script.json`, a list of
// [words, answer, error?], of which the first counts whose words are in the request. What it was asked it appends to
// `requests.jsonl`. An error is the editor's own for a quota. The answer "never" does not come before it is cancelled,
// which is noted in `cancelled`.

const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const folder = process.env.SECANT_LENDER ?? '';

const MODEL = {
  id: 'parrot-1',
  name: 'Parrot',
  family: 'parrot',
  version: '1',
  maxInputTokens: 100_000,
  maxOutputTokens: 10_000,
  capabilities: {},
  requiresAuthorization: { label: 'Lender' }, // what makes the editor ask on its own behalf
};

function activate(context) {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('lender', new Provider()));
}

class Provider {
  provideLanguageModelChatInformation() {
    return [MODEL];
  }

  async provideLanguageModelChatResponse(model, messages, options, progress, token) {
    const said = messages.map(({ role, content }) => ({ role, parts: content.map(({ value }) => value) }));
    const request = { model: model.id, initiator: options.requestInitiator, messages: said };
    fs.appendFileSync(path.join(folder, 'requests.jsonl'), `${JSON.stringify(request)}\n`);
    const script = JSON.parse(fs.readFileSync(path.join(folder, 'script.json'), 'utf8'));
    const all = said.flatMap(({ parts }) => parts).join('\n');
    const [, answer, error] = script.find(([words]) => all.includes(words)) ?? ['', ''];
    if (error !== undefined) throw vscode.LanguageModelError.Blocked(error);
    if (answer === 'never') {
      await new Promise((resolve) => token.onCancellationRequested(resolve));
      fs.writeFileSync(path.join(folder, 'cancelled'), '');
      return;
    }
    for (const part of answer.match(/[^]{1,40}/g) ?? []) progress.report(new vscode.LanguageModelTextPart(part));
  }

  async provideTokenCount(_model, text) {
    const words = typeof text === 'string' ? text : text.content.map(({ value }) => value ?? '').join(' ');
    return Math.ceil(words.length / 4);
  }
}

module.exports = { activate };
