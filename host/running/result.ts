// What a run gives to a program: `--json`, and `run.json` in its folder. SI units in the names; what is not known is
// null.

import type { Coefficient } from '../chip/field.ts';
import type { Chip } from '../chip/schema.ts';
import { utilization } from '../compile/compile.ts';
import {
  dynamicEnergy,
  ENERGY_UNITS,
  type Energy,
  energyByUnit,
  energyProfile,
  notModelled,
  powerEnergy,
} from '../energy/energy.ts';
import { energyInterval } from '../energy/interval.ts';
import { EnergyWorlds, type Percentiles, percentiles } from '../energy/uncertainty.ts';
import { unknownsOf } from '../energy/unknowns.ts';
import type { TimingMode } from '../machine/timing-mode.ts';
import { COUNTER_NAMES } from '../measure/counters.ts';
import type { CycleSummary } from '../measure/cycle.ts';
import { total, totalTimeS } from '../measure/measure.ts';
import type { NetworkRun } from './run-network.ts';

export interface RunResult {
  readonly schema: 'seamount.run/1';
  readonly network: string;
  readonly chip: { readonly name: string; readonly title: string; readonly status: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly steps: number;
  readonly input: NetworkRun['input'];
  readonly populations: readonly { readonly name: string; readonly size: number; readonly spikes: number }[];
  /** Spikes of each compartment of the last population: what a classifier is read by. */
  readonly outputSpikes: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
  readonly time: {
    readonly mode: TimingMode;
    readonly perStepS: { readonly mean: number; readonly max: number } | null;
    readonly totalS: number | null;
    /** Mode `cycle`: utilization and critical path. */
    readonly cycle: CycleSummary | null;
  };
  readonly energy: {
    readonly perStepJ: Energy;
    /** Percentiles over draws of the coefficients of the profile. docs/uncertainty.md */
    readonly drawnPerStepJ: Percentiles;
    readonly byUnitJ: Readonly<Record<string, number>>;
    readonly dynamicJ: number;
    readonly staticJ: number | null;
    readonly embeddedJ: number | null;
    readonly ioJ: number | null;
    /** What no public source says, in sentences. */
    readonly unknowns: readonly string[];
    readonly profile: string;
    /** Events that the profile has no coefficient for. */
    readonly notModelled: readonly string[];
  };
  readonly mapping: {
    readonly chips: number;
    readonly cores: number;
    readonly utilization: ReturnType<typeof utilization>;
  };
  readonly legality: NetworkRun['compiled']['legality'];
  /** Weights that the host wrote while the chip ran: never any. */
  readonly hostWeightWrites: number;
  /** State that the host read through the probes it was asked for. */
  readonly hostStateReads: number;
  readonly probes: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly emulator: {
    readonly wallS: number;
    readonly stepsPerS: number;
    readonly threads: number;
    readonly build: string;
  };
}

/** The result of a run; `byUnitJ` is per step. */
export function runResult(
  run: NetworkRun,
  chip: Chip,
  mode: TimingMode,
  versions: Readonly<Record<string, string>>,
): RunResult {
  const { compiled, measurement, steps, spikes } = run;
  const counts = total(measurement);
  const profile = energyProfile(chip, chip.energy.defaultProfile);
  const byUnit = energyByUnit(profile, counts);
  const seconds = mode === 'functional' ? null : totalTimeS(measurement) + chip.timing.sampleOverhead;
  const powered = (power: Coefficient | null): number | null =>
    seconds === null ? null : (powerEnergy(power, compiled.chips, seconds)?.value ?? null);
  const populations = [...spikes].map(([name, each]) => ({
    name,
    size: each.length,
    spikes: each.reduce((sum, n) => sum + n, 0),
  }));
  return {
    schema: 'seamount.run/1',
    network: compiled.image.network,
    chip: { name: chip.name, title: chip.title, status: chip.status },
    versions,
    steps,
    input: run.input,
    populations,
    outputSpikes: [...(spikes.get(populations.at(-1)?.name ?? '') ?? [])],
    counts: Object.fromEntries(COUNTER_NAMES.map((name) => [name, Number(counts[name])])),
    time: {
      mode,
      perStepS:
        seconds === null
          ? null
          : {
              mean: seconds / steps,
              max: Math.max(...measurement.times.map(({ longestStepS }) => longestStepS)),
            },
      totalS: seconds,
      cycle: run.cycle,
    },
    energy: {
      perStepJ: energyInterval(chip, counts, steps),
      byUnitJ: Object.fromEntries(ENERGY_UNITS.map((unit) => [unit, byUnit[unit].value / steps])),
      dynamicJ: dynamicEnergy(byUnit).value,
      staticJ: powered(chip.energy.staticPower),
      embeddedJ: powered(chip.energy.embeddedPower),
      ioJ: powered(chip.energy.ioPower),
      drawnPerStepJ: percentiles(
        new EnergyWorlds(profile.coefficients).dynamic(counts, 'synapseVisits', steps),
      ),
      unknowns: unknownsOf(chip),
      profile: chip.energy.defaultProfile,
      notModelled: notModelled(profile, counts),
    },
    mapping: {
      chips: compiled.chips,
      cores: compiled.cores.length,
      utilization: utilization(compiled.cores),
    },
    legality: compiled.legality,
    hostWeightWrites: run.access.weightWrites,
    hostStateReads: run.access.stateReads,
    probes: [...run.probes].map(([name, { shape }]) => ({ name, shape })),
    emulator: { wallS: run.wallS, stepsPerS: steps / run.wallS, threads: run.threads, build: run.build },
  };
}
