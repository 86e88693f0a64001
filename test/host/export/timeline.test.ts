// Traces and waveforms: they hold what the chip did, and the tools that read them do.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { levels } from '../../../host/export/levels.ts';
import { run, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));
const STEPS = 40;

interface TraceEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid?: number;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

describe('a run with --trace and --vcd', () => {
  let events: readonly TraceEvent[];
  let waveform: string;
  let perStep: { mean: number; max: number };
  let counts: Record<string, number>;

  beforeAll(async () => {
    const network = join(EXAMPLES, 'pair-stdp.yaml');
    const input = join(EXAMPLES, 'pair-stdp.csv');
    const { code, stdout, stderr } = await run(
      ['run', network, '--input', input, '--trace', 'trace.json', '--vcd', 'wave.vcd', '--json', '-'],
      folder,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    perStep = result.time.perStepS;
    counts = result.counts;
    events = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8')).traceEvents;
    waveform = readFileSync(join(folder, 'wave.vcd'), 'utf8');
  });

  const slices = (name: RegExp): TraceEvent[] =>
    events.filter((event) => event.ph === 'X' && name.test(event.name));

  it('has a slice for every step, one behind the other, as long as the run says', () => {
    const steps = slices(/^step /);
    expect(steps).toHaveLength(STEPS);
    steps.slice(1).forEach((step, i) => {
      expect(step.ts).toBeCloseTo(steps[i]!.ts + steps[i]!.dur, 6);
    });
    const total = steps.reduce((sum, { dur }) => sum + dur, 0);
    expect(total / STEPS).toBeCloseTo(perStep.mean * 1e6, 6);
    expect(Math.max(...steps.map(({ dur }) => dur))).toBeCloseTo(perStep.max * 1e6, 6);
  });

  it('fills every step with the parts of its critical path', () => {
    const steps = slices(/^step /);
    const parts = events.filter(({ ph, pid, tid }) => ph === 'X' && pid === 1 && tid === 2);
    for (const step of steps) {
      const own = parts.filter(({ args }) => `step ${args.step}` === step.name);
      expect(own.reduce((sum, { dur }) => sum + dur, 0)).toBeCloseTo(step.dur, 6);
    }
  });

  it('shows every message at the input axon that it reached, and every injected spike', () => {
    const units = (name: string): number =>
      events.filter((event) => event.ph === 'X' && event.pid > 1 && event.name === name).length;
    expect(counts.inputAxonEvents).toBeGreaterThan(0);
    expect(units('inputAxon')).toBe(counts.inputAxonEvents);
    expect(units('injection')).toBe(counts.injectedSpikes);
    expect(units('learning')).toBeGreaterThan(0);
  });

  it('never runs two slices of one thread at a time', () => {
    const threads = new Map<string, TraceEvent[]>();
    for (const event of events.filter(({ ph }) => ph === 'X')) {
      const key = `${event.pid} ${event.tid}`;
      threads.set(key, [...(threads.get(key) ?? []), event]);
    }
    expect(threads.size).toBeGreaterThan(4);
    for (const own of threads.values()) {
      own.sort((a, b) => a.ts - b.ts);
      own.slice(1).forEach((event, i) => {
        expect(event.ts).toBeGreaterThanOrEqual(own[i]!.ts + own[i]!.dur - 1e-7);
      });
    }
  });

  it('writes a waveform that ends when the run ends, with time that never goes back', () => {
    const times = [...waveform.matchAll(/^#(\d+)$/gm)].map(([, time]) => Number(time));
    expect(times.length).toBeGreaterThan(STEPS);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(waveform).toContain('$timescale 100 ps $end');
    expect(times.at(-1)! * 1e-10).toBeCloseTo(perStep.mean * STEPS, 12);
  });

  it('writes a waveform that vcd2fst takes', (context) => {
    const { error, status, stderr } = spawnSync('vcd2fst', ['wave.vcd', 'wave.fst'], { cwd: folder });
    if (error !== undefined) {
      process.stderr.write('SKIPPED: there is no vcd2fst (gtkwave), so the waveform was not read\n');
      return context.skip();
    }
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'wave.fst')).length).toBeGreaterThan(100);
  });

  it('is refused in a mode that does not simulate the units', async () => {
    writeFileSync(join(folder, 'trace.json'), 'old');
    const { code, stderr } = await run(
      ['run', join(EXAMPLES, 'pair-stdp.yaml'), '--trace', 'trace.json', '--timing', 'analytic'],
      folder,
    );
    expect(code).toBe(2);
    expect(stderr).toContain('needs the time of every unit, --timing cycle');
    expect(readFileSync(join(folder, 'trace.json'), 'utf8')).toBe('old');
  });
});

describe('levels', () => {
  it('counts how many intervals hold at once', () => {
    const intervals = [
      { begin: 0, end: 4 },
      { begin: 2, end: 6 },
      { begin: 6, end: 8 },
      { begin: 7, end: 7 },
    ];
    expect(levels(intervals)).toEqual([
      { at: 0, level: 1 },
      { at: 2, level: 2 },
      { at: 4, level: 1 },
      { at: 8, level: 0 },
    ]);
  });
});
