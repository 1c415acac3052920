import { expect, test } from 'vitest';

import { type Connection, type Phase, Session } from '../src/session';
import { Trouble } from '../src/trouble';
import { deferred } from './samples';

class Fake implements Connection {
  readonly initializeResult = { serverInfo: { version: '1.2.3' } };
  gaveUp = false;
  disposed = false;
  sent: unknown[] = [];
  #listener: (change: { newState: number }) => void = () => {};

  constructor(readonly started: Promise<void> = Promise.resolve()) {}

  start = () => this.started;

  async dispose(): Promise<void> {
    this.disposed = true;
  }

  async sendRequest<R>(method: string, params?: unknown): Promise<R> {
    this.sent.push([method, params]);
    return true as R;
  }

  async sendNotification(method: string): Promise<void> {
    this.sent.push(method);
  }

  onDidChangeState(listener: (change: { newState: number }) => void) {
    this.#listener = listener;
    return { dispose: () => {} };
  }

  enter(newState: number): void {
    this.#listener({ newState });
  }
}

function sessionOf(...connections: (Fake | Error)[]) {
  const said: string[] = [];
  const phases: Phase['kind'][] = [];
  const session = new Session(
    async () => {
      const next = connections.shift() ?? new Error('started too often');
      if (next instanceof Error) {
        throw next;
      }
      return next;
    },
    (trouble) => said.push(trouble.message),
  );
  session.onDidChange(({ kind }) => phases.push(kind));
  return { session, said, phases };
}

test('a request waits for the server, which starts once', async () => {
  const gate = deferred();
  const connection = new Fake(gate.promise);
  const { session, phases } = sessionOf(connection);

  const answers = [session.execute('secant.stop', { run: 'r' }), session.request('secant/state', {})];
  gate.resolve();

  expect(await Promise.all(answers)).toEqual([true, true]);
  expect(connection.sent).toEqual([
    ['workspace/executeCommand', { command: 'secant.stop', arguments: [{ run: 'r' }] }],
    ['secant/state', {}],
  ]);
  expect(phases).toEqual(['starting', 'running']);
  expect(session.phase).toEqual({ kind: 'running', version: '1.2.3' });
});

test('restarts asked for during a start become one', async () => {
  const gate = deferred();
  const [first, second] = [new Fake(gate.promise), new Fake()];
  const { session } = sessionOf(first, second);

  const asked = [session.restart(), session.restart(), session.restart()];
  gate.resolve();
  await Promise.all(asked);

  expect([first.disposed, second.disposed]).toEqual([true, false]);
  expect(session.phase.kind).toBe('running');
});

test('a server that does not start is said once, and again to whoever asks it', async () => {
  const { session, said } = sessionOf(new Trouble('There is no Python.'), new Trouble('There still is none.'));

  await session.restart();
  expect(session.phase).toEqual({ kind: 'failed', message: 'There is no Python.' });
  expect(said).toEqual(['There is no Python.']);

  await expect(session.execute('secant.stop', {})).rejects.toThrow('not running. There still is none.');
});

test('what nobody foresaw is a sentence too', async () => {
  const { session, said } = sessionOf(new Fake(Promise.reject(new Error('spawn EACCES'))));
  await session.restart();
  expect(said).toEqual(["Secant's server does not start: spawn EACCES."]);
});

test('after a crash it is starting, then running, and nothing is said', async () => {
  const connection = new Fake();
  const { session, said, phases } = sessionOf(connection);
  await session.restart();

  connection.enter(1);
  connection.enter(3);
  await session.request('secant/state', {}); // goes to the client that is starting again, not to another one
  connection.enter(2);

  expect(phases).toEqual(['starting', 'running', 'starting', 'starting', 'running']);
  expect(said).toEqual([]);
});

test('after too many crashes it has failed, and a request starts a new one', async () => {
  const [connection, next] = [new Fake(), new Fake()];
  const { session, said } = sessionOf(connection, next);
  await session.restart();

  connection.gaveUp = true;
  connection.enter(1);
  expect(session.phase.kind).toBe('failed');
  expect(said).toHaveLength(1);

  await session.request('secant/state', {});
  expect(next.sent).toHaveLength(1);
});

test('a server that cannot be started again after a crash has failed', async () => {
  const connection = new Fake();
  const { session, said } = sessionOf(connection);
  await session.restart();
  connection.enter(3);
  connection.enter(4);
  expect(session.phase.kind).toBe('failed');
  expect(said).toHaveLength(1);
});

test('a stopped session does not start again', async () => {
  const connection = new Fake();
  const { session } = sessionOf(connection);
  await session.restart();
  await session.stop();
  await session.restart();
  expect(connection.disposed).toBe(true);
  expect(session.phase.kind).toBe('stopped');
});

test('notifications go to a running server only', async () => {
  const connection = new Fake();
  const { session } = sessionOf(connection);
  await session.notify('a', {});
  await session.restart();
  await session.notify('b', {});
  expect(connection.sent).toEqual(['b']);
});
