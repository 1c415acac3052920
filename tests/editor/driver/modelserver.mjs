// A model server on loopback that speaks OpenAI's protocol, wants a key, and answers as it is told.

import { once } from 'node:events';
import http from 'node:http';

export class ModelServer {
  /** `answerTo(text)` answers a request with this text; `key` is wanted in the header Authorization. */
  static async start(answerTo, { key = null } = {}) {
    const server = new ModelServer(answerTo, key);
    server.http.listen(0, '127.0.0.1');
    await once(server.http, 'listening');
    return server;
  }

  constructor(answerTo, key) {
    this.answerTo = answerTo;
    this.key = key;
    this.requests = [];
    this.refused = 0;
    this.http = http.createServer((request, response) => void this.#serve(request, response));
  }

  get baseUrl() {
    return `http://127.0.0.1:${this.http.address().port}/v1`;
  }

  async stop() {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const send = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (this.key !== null && request.headers.authorization !== `Bearer ${this.key}`) {
      this.refused += 1;
      return send(401, { error: { message: 'Incorrect API key provided', type: 'authentication', code: 'invalid_api_key' } });
    }
    if (request.url.endsWith('/models')) return send(200, { object: 'list', data: [{ id: 'parrot', object: 'model' }] });
    const asked = JSON.parse(Buffer.concat(chunks).toString());
    this.requests.push(asked);
    const content = this.answerTo(asked.messages.map((message) => message.content).join('\n'));
    const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }];
    const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
    return send(200, { id: 'c', object: 'chat.completion', model: asked.model, choices, usage });
  }
}
