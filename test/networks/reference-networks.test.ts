// Networks of other frameworks on the emulated loihi1, against the spikes that these frameworks stored with them.

import { describe, expect, it } from 'vitest';
import { compile } from '../../host/compile/compile.ts';
import { readNmnist } from '../../host/data/nmnist.ts';
import { type NpyArray, readNpy } from '../../host/data/npz.ts';
import { readLavaDl } from '../../host/import/lava-dl.ts';
import {
  INPUT_PORT,
  type LayerStack,
  networkOfLayers,
  RUN,
  withInputBias,
} from '../../host/import/layers.ts';
import { readSlayerFolder } from '../../host/import/slayer.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { eventSpikes, inputBiases, readInput } from '../../host/running/input.ts';
import { runNetwork } from '../../host/running/run-network.ts';
import { chipWith } from '../support/chips.ts';
import { sharedData } from '../support/shared-data.ts';

const LOIHI1 = chipWith();

/** `neuron@step` of every spike of a raster [step][neuron]. */
function spikesOf({ shape, data }: NpyArray, steps: { from: number; to: number; shift: number }): string[] {
  const spikes: string[] = [];
  const size = shape[1]!;
  for (let step = steps.from; step < steps.to; step++)
    for (let i = 0; i < size; i++) if (data[step * size + i] === 1) spikes.push(`${i}@${step + steps.shift}`);
  return spikes.sort();
}

/** The same of a stored raster [..., neuron, step]. */
function storedSpikes({ shape, data }: NpyArray): string[] {
  const steps = shape.at(-1)!;
  const spikes: string[] = [];
  data.forEach((value, at) => {
    if (value !== 0) spikes.push(`${Math.floor(at / steps)}@${at % steps}`);
  });
  return spikes.sort();
}

describe('reference networks on loihi1', () => {
  it('lava-dl dense: all 1,826 spikes', (context) => {
    const folder = sharedData('lava-dl/dense', context);
    const { shape, data } = readNpy(`${folder}/weight.npy`);
    const neuron = { decayU: 4096, decayV: 415, threshold: 6, refractory: 1, weightExponent: 0 };
    const stack: LayerStack = {
      shape: [shape[1]!, 1, 1],
      steps: 2000,
      layers: [
        {
          name: 'layer',
          neuron,
          synapses: { kind: 'dense', outputs: shape[0]!, weights: Int16Array.from(data) },
        },
      ],
    };
    const network = networkOfLayers('dense', stack);
    const input = readInput(`${folder}/in.npy`, network.ports, stack.shape);
    const run = runNetwork(network, LOIHI1, { steps: 2000, input, probes: ['layer.spikes'] });
    const expected = storedSpikes(readNpy(`${folder}/out.npy`));
    expect(expected).toHaveLength(1826);
    expect(spikesOf(run.probes.get('layer.spikes')!, { from: 0, to: 2000, shift: 0 })).toEqual(expected);
  });

  it('lava-dl oxford, which fires at its threshold: all 10,178 spikes', async (context) => {
    const folder = sharedData('lava-dl/oxford', context);
    const network = networkOfLayers('oxford', await readLavaDl(`${folder}/network.net`));
    const input = readInput(`${folder}/input.npy`, network.ports, undefined);
    const chip = chipWith({ semantics: { spikeTest: 'ge' } });
    const run = runNetwork(network, chip, { steps: 2100, input, probes: ['layer 1.spikes'] });
    const truth = readNpy(`${folder}/ground_truth.npy`);
    const expected = Array.from({ length: truth.shape[0]! }, (_, i) => {
      const [neuron, , time] = truth.data.subarray(3 * i, 3 * i + 3);
      return `${neuron}@${time}`;
    }).sort();
    expect(expected).toHaveLength(10_178);
    expect(spikesOf(run.probes.get('layer 1.spikes')!, { from: 0, to: 2100, shift: 0 })).toEqual(expected);
  });

  it('lava-dl tinynet: every spike of its input layer and both convolutions', async (context) => {
    const folder = sharedData('lava-dl/tinynet', context);
    const stack = await readLavaDl(`${folder}/tiny.net`);
    const bias = inputBiases(`${folder}/input_bias.npy`, stack.shape);
    const network = networkOfLayers('tinynet', withInputBias(stack, bias));
    const populations = ['input', 'layer 1', 'layer 2'];
    const run = runNetwork(network, LOIHI1, {
      steps: 18,
      probes: populations.map((population) => `${population}.spikes`),
    });
    // The stored arrays begin with a step of zeros and count no delay from layer to layer.
    ['input', 'layer1', 'output'].forEach((file, depth) => {
      const steps = { from: depth, to: 15 + depth, shift: 1 - depth };
      const expected = storedSpikes(readNpy(`${folder}/${file}.npy`));
      expect(expected).toHaveLength([6783, 1633, 92][depth]!);
      expect(spikesOf(run.probes.get(`${populations[depth]}.spikes`)!, steps)).toEqual(expected);
    });
  });

  it('SLAYER N-MNIST classifier: 91 of 100, on several cores', (context) => {
    const folder = sharedData('slayer-loihi-nmnist', context);
    const archive = sharedData('n-mnist/NMNISTsmall.tar.gz', context);
    const stack = readSlayerFolder(folder);
    // The last spikes of the input are one step on their way to the hidden layer, and one in the reference.
    const network = networkOfLayers('nmnist', { ...stack, steps: stack.steps + 1 });
    const { image, cores, chips } = compile(network, LOIHI1);
    const hidden = cores.filter(({ coreClass }) => coreClass === 'layer 1');
    const memory = hidden.map(({ use }) => use.find(({ resource }) => resource === 'synapseMemory')!);
    expect(chips).toBe(1);
    expect(hidden.length).toBeGreaterThan(9); // 512 x 2,312 bytes in 128 KiB each
    for (const { used, limit } of memory) expect(used).toBeLessThanOrEqual(limit);

    const machine = new Machine(image);
    const events = new EventList(image);
    const atRest = machine.snapshot();
    const counts = machine.probes.add('layer 2', 'spikeCounts');
    const { first } = events.port(INPUT_PORT);
    const samples = readNmnist(archive, 'test100.txt');
    expect(samples).toHaveLength(100);
    let correct = 0;
    for (const { name, label, events: recording } of samples) {
      machine.restore(atRest);
      events.clear();
      const { step, element } = eventSpikes(name, recording, network.ports, stack.shape);
      step.forEach((t, i) => {
        if (t > 0 && t < stack.steps) events.push(t, first + element[i]!);
      });
      machine.present(RUN, events);
      const outputs = machine.probes.drainCounts(counts);
      if (outputs.indexOf(Math.max(...outputs)) === label) correct++;
    }
    expect(correct).toBe(91);
  });
});
