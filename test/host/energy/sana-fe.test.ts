// The energy of SANA-FE 2.2.9 with its Loihi values, beside ours for the same events. The events were counted from its
// message and spike traces, not taken from its sums (docs/validation-sana-fe.md says how the network was made); the
// joules are what it printed.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import { dynamicEnergy, energyByUnit, energyProfile } from '../../../host/energy/energy.ts';
import { COUNTER_NAMES, type CounterName } from '../../../host/measure/counters.ts';

const EVENTS = {
  compartments: 3600,
  updated: 3305,
  spikes: 2410,
  messages: 4656,
  eastWest: 8002,
  northSouth: 2312,
  dense: 16_151,
  sparse: 14_971,
  convolution: 6449,
};
const SANA_FE_J = {
  soma: 4.22721e-7,
  synapse: 1.2311621e-6,
  network: 5.505324e-7,
  total: 2.2044155e-6,
};

/** A tenth of a percent. */
const TOLERANCE = 0.001;

const { chip } = loadChip('loihi1');
const profile = energyProfile(chip, 'sana-fe');

function countsOf(of: Partial<Record<CounterName, number>>): Record<CounterName, number> {
  const all = Object.fromEntries(COUNTER_NAMES.map((name) => [name, of[name] ?? 0]));
  return all as Record<CounterName, number>;
}

const COUNTS = countsOf({
  compartmentUpdatesActive: EVENTS.updated,
  compartmentUpdatesInactive: EVENTS.compartments - EVENTS.updated,
  spikes: EVENTS.spikes,
  messages: EVENTS.messages,
  inputAxonEvents: EVENTS.messages,
  meshHopsEastWest: EVENTS.eastWest,
  meshHopsNorthSouth: EVENTS.northSouth,
  synapticOpsDense: EVENTS.dense,
  synapticOpsSparse: EVENTS.sparse,
});
/** No counter tells operations of shared lists apart: they are charged by hand. */
const CONVOLUTION_J = EVENTS.convolution * profile.coefficients.synapticOpConv!.value;

function expectNear(joules: number, published: number): void {
  expect(Math.abs(joules / published - 1)).toBeLessThan(TOLERANCE);
}

describe('equal events in SANA-FE and here, profile sana-fe', () => {
  const byUnit = energyByUnit(profile, COUNTS);

  it('cost the same in compartments, synapses and the network, and in all', () => {
    expectNear(byUnit.compartment.value + byUnit.spikeOut.value, SANA_FE_J.soma);
    expectNear(byUnit.synapse.value + CONVOLUTION_J, SANA_FE_J.synapse);
    expectNear(byUnit.mesh.value + byUnit.inputAxon.value, SANA_FE_J.network);
    expectNear(dynamicEnergy(byUnit).value + CONVOLUTION_J, SANA_FE_J.total);
  });

  it('cost what the published constants say, added up by hand', () => {
    const picojoules =
      3600 * 51.2 + // every compartment, every step
      3305 * 21.6 + // those that were updated
      2410 * 69.3 +
      4656 * 111 +
      8002 * 3.0 +
      2312 * 4.2 +
      16_151 * 35.5 +
      14_971 * 33.6;
    expect(dynamicEnergy(byUnit).value / (picojoules * 1e-12)).toBeCloseTo(1, 12);
    expect(picojoules + 6449 * 24.0).toBeCloseTo(SANA_FE_J.total * 1e12, 0);
  });
});
