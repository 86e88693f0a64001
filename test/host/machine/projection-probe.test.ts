// Probes of plastic projections: weights, tags and delays by synapse, x1 and x2 by source, step by step.

import { describe, expect, it } from 'vitest';
import type { ProjectionProbeKind } from '../../../host/machine/projection-probe.ts';
import { type Pair, PairMachine } from '../../support/learning-pair.ts';
import { BUILDS, EXACT } from '../../support/small-network.ts';

const STEPS = 12;

describe.each(BUILDS)('probes of a projection, %s build', (build) => {
  const pair: Pair = {
    build,
    rule: ['dw = 2*x0*y0 + 4*x0', 'dt = 3*y0*x1', 'dd = x0'],
    x1: { impulse: 16, tau: 0 },
    x2: { impulse: 5, tau: Number.POSITIVE_INFINITY },
    synapse: { ...EXACT, delay: 5 },
    rows: 3,
    columns: 70, // more than one tile
    weight: -20,
    pre: [[2, 5], [3], []],
    post: [4, 5],
    // Two cores share the columns.
    coreClass: { cores: 2 },
    steps: STEPS,
  };

  /** Recorded rows, after all steps, and the machine. */
  const recorded = (kind: ProjectionProbeKind) => {
    const machine = new PairMachine(pair);
    const probe = machine.machine.probes.addOnProjection('plastic', kind, STEPS);
    machine.advance(STEPS);
    return { machine, rows: machine.machine.probes.drainProjection(probe).map((row) => [...row]) };
  };
  const bySource = (rows: number[][]) => rows.map((row) => [row[0], row[70], row[140]]);

  it('record the weights that a read between the steps would find', () => {
    const stepped = new PairMachine(pair);
    const expected = Array.from({ length: STEPS }, () => stepped.advance().weights('plastic'));
    expect(recorded('weights').rows).toEqual(expected);
    expect(new Set(expected.at(-1))).toEqual(new Set([-10, -16, -20]));
  });

  it('record tags of every synapse', () => {
    const { rows } = recorded('tags');
    for (const row of rows)
      for (let i = 0; i < 3; i++) expect(new Set(row.slice(70 * i, 70 * i + 70)).size).toBe(1);
    // x1 holds only the epoch of its spike, so only the coincidence of step 5 counts.
    expect(bySource(rows).map(([first]) => first)).toEqual([0, 0, 0, 0, ...Array(8).fill(48)]);
    expect(bySource(rows).map(([, second]) => second)).toEqual(Array(STEPS).fill(0));
  });

  it('record delays of every synapse, up to what the ring allows', () => {
    const { rows } = recorded('delays');
    expect(bySource(rows)[0]).toEqual([5, 5, 5]);
    // Two spikes ask for 7, and a ring of 8 accumulators holds 6.
    expect(bySource(rows).at(-1)).toEqual([6, 6, 5]);
  });

  it('record traces by source, also of a trace that no rule reads', () => {
    expect(recorded('x1').rows.map(([x]) => x)).toEqual(
      [0, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16].map((x, i) => (i === 1 || i === 4 ? x : 0)),
    );
    const { rows } = recorded('x2');
    expect(rows[1]).toEqual([5, 0, 0]);
    expect(rows.at(-1)).toEqual([10, 5, 0]);
  });

  it('count what the host reads', () => {
    const { machine } = recorded('x1');
    expect(machine.machine.access.stateReads).toBe(3 * STEPS);
  });
});
