// Seamount on a speed workload: `node seamount.mjs ff --steps 1000` prints the line of JSON that the peers print.
// The driver compares its spikes with the reference.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '1000' } },
});
const [workload] = positionals;
const steps = Number(values.steps);
/** 1,000 steps take a few milliseconds: as many again are timed with them. */
const PASSES = 20;

const built = (file) => import(new URL(`../../dist/${file}`, import.meta.url));
const [{ loadChip }, { compile }, { Machine }, { EventList }, { measure, total }, workloads] =
  await Promise.all(
    [
      'host/chip/load.js',
      'host/compile/compile.js',
      'host/machine/machine.js',
      'host/machine/event-list.js',
      'host/measure/measure.js',
      'bench/workloads.js',
    ].map(built),
  );
const { WORKLOAD_STEPS, feedForward, feedForwardInputs, recurrent } = workloads;
const { image } = compile(workload === 'ff' ? feedForward() : recurrent(), loadChip('loihi1').chip);

/** The inputs of each presentation. */
const events = Array.from({ length: steps / WORKLOAD_STEPS }, (_, presentation) => {
  const list = new EventList(image);
  if (workload === 'ff') {
    const { first } = list.port('input');
    for (let step = 0; step < WORKLOAD_STEPS; step++) {
      for (const i of feedForwardInputs(presentation * WORKLOAD_STEPS + step)) list.push(step, first + i);
    }
  }
  return list;
});

function run(machine, after = () => {}) {
  events.forEach((list, presentation) => {
    machine.present('run', list);
    after(presentation);
  });
}

/** Spikes of each step, all populations together; this run warms up as well. */
const bySteps = new Array(steps).fill(0);
const probed = new Machine(image);
const probes = image.populations.map(({ name }) => probed.probes.add(name, 'spikes', WORKLOAD_STEPS));
run(probed, (presentation) => {
  for (const probe of probes)
    probed.probes.drainSpikes(probe, (step) => bySteps[presentation * WORKLOAD_STEPS + step]++);
});

const machine = new Machine(image);
const begin = process.cpuUsage();
run(machine);
const spikes = Number(total(measure(machine)).spikes);
for (let pass = 1; pass < PASSES; pass++) run(machine);
const { user, system } = process.cpuUsage(begin);
const seconds = (user + system) / 1e6 / PASSES;
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
process.stdout.write(
  `${JSON.stringify({
    peer: 'seamount',
    variant: 'functional',
    version,
    workload,
    steps,
    seconds_cpu: seconds,
    steps_per_second: steps / seconds,
    spikes,
    same_as_reference: null,
    reason: 'compared by the driver',
    by_step: bySteps,
  })}\n`,
);
