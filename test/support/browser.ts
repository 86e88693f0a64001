// A headless Chromium, driven by the DevTools protocol over a pair of pipes: no port and no dependency.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Time for a browser to end by itself. */
const CLOSE_MS = 5000;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** What the browser calls a reply or an event. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** An event of a page, e.g. `Network.requestWillBeSent`. */
export interface PageEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Waiting {
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
}

/** The program to start: `CHROMIUM_PATH`, or the first known name that runs; undefined if there is none. */
export function findChromium(): string | undefined {
  const asked = process.env.CHROMIUM_PATH;
  const names = asked === undefined ? NAMES : [asked];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #input: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #events: PageEvent[] = [];
  #rest = '';
  #lastId = 0;

  constructor(program: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'seamount-browser-'));
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      '--no-first-run',
    ];
    this.#process = spawn(
      program,
      [...flags, '--remote-debugging-pipe', `--user-data-dir=${this.#profile}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    this.#input = this.#process.stdio[3] as Writable;
    const output = this.#process.stdio[4] as Readable;
    output.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#ended = new Promise((resolve) => {
      this.#process.once('close', () => {
        for (const { reject } of this.#waiting.values()) reject(new Error('the browser has ended'));
        resolve();
      });
    });
  }

  /** Messages end with a zero byte. */
  #read(text: string): void {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop()!;
    for (const message of messages) this.#receive(JSON.parse(message) as Message);
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (id === undefined) {
      if (method !== undefined) this.#events.push({ method, params: params ?? {} });
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result ?? {});
    else waiting?.reject(new Error(error.message));
  }

  send(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    sessionId?: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** A page of its own, of a size in CSS pixels, that records what happens on it from the start. */
  async open(url: string, width: number, height: number): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    this.#events = [];
    const page = new Page(this, sessionId as string, () => this.#events);
    await page.load(url, width, height);
    return page;
  }

  /** Ends the browser by its own command, so that its helpers end first and no longer write to the profile. */
  async close(): Promise<void> {
    const late = setTimeout(() => this.#process.kill('SIGKILL'), CLOSE_MS);
    await this.send('Browser.close').catch(() => undefined); // it may end before it answers
    await this.#ended;
    clearTimeout(late);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export class Page {
  readonly #browser: Browser;
  readonly #session: string;
  readonly #events: () => readonly PageEvent[];

  constructor(browser: Browser, session: string, events: () => readonly PageEvent[]) {
    this.#browser = browser;
    this.#session = session;
    this.#events = events;
  }

  send(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    return this.#browser.send(method, params, this.#session);
  }

  /** Everything that happened since the page was opened. */
  events(method: string): readonly PageEvent[] {
    return this.#events().filter((event) => event.method === method);
  }

  async load(url: string, width: number, height: number): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.send('Emulation.setDeviceMetricsOverride', metrics);
    await this.send('Page.navigate', { url });
    await this.evaluate(
      'new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", () => done()))',
    );
  }

  /**
   * Value of an expression in the page, a promise awaited.
   * @throws Error with what the page threw
   */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { readonly value?: unknown }).value;
  }
}
