// HW 2.3: the offset bits dsOffset and dmOffset, one per core for all compartments: effective decays of 0 and of
// 4096 exclude each other for a variable.

import { describe, expect, it } from 'vitest';
import type { CompartmentParameters } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { readState, writeState } from '../support/machine-state.ts';
import { BUILDS, compileSmall, SmallMachine } from '../support/small-network.ts';

function network(compartment: Partial<CompartmentParameters>) {
  return {
    populations: [
      { name: 'cells', size: 1, compartment: { decayU: 0, decayV: 0, threshold: 131071, ...compartment } },
    ],
  };
}

describe.each(BUILDS)('HW 2.3 decay offsets, %s build', (build) => {
  function currentAndVoltage(
    offsets: { dsOffset: number; dmOffset: number },
    compartment: Partial<CompartmentParameters>,
  ) {
    const { image } = compileSmall(network(compartment), chipWith({ compartment: offsets }));
    const { machine } = new SmallMachine(image, build);
    writeState(machine, 0, 'current', [4096]);
    writeState(machine, 0, 'voltage', [8192]);
    machine.present('step');
    const u = readState(machine, 0, 'current')[0]!;
    return { u, v: readState(machine, 0, 'voltage')[0]! - u };
  }

  it('adds dsOffset to every decay of u and dmOffset to every decay of v', () => {
    expect(currentAndVoltage({ dsOffset: 0, dmOffset: 0 }, { decayU: 1, decayV: 2 })).toEqual({
      u: 4095,
      v: 8188,
    });
    expect(currentAndVoltage({ dsOffset: 1, dmOffset: 1 }, { decayU: 1, decayV: 2 })).toEqual({
      u: 4094,
      v: 8186,
    });
  });

  it('keeps all with register 0 and offset 0, and forgets all with register 4095 and offset 1', () => {
    expect(currentAndVoltage({ dsOffset: 0, dmOffset: 0 }, {})).toEqual({ u: 4096, v: 8192 });
    expect(currentAndVoltage({ dsOffset: 1, dmOffset: 1 }, { decayU: 4095, decayV: 4095 })).toEqual({
      u: 0,
      v: 0,
    });
  });
});

describe('HW 2.3 exclusion of effective decays 0 and 4096', () => {
  it.each(['decayU', 'decayV'] as const)(
    'refuses a register of %s that only the other offset would give',
    (name) => {
      // With the offset, an effective decay of 0 would need register -1; without it, 4096 would need 4096.
      for (const [offset, register] of [
        [1, -1],
        [0, 4096],
      ] as const) {
        const chip = chipWith({ compartment: { dsOffset: offset, dmOffset: offset } });
        const error = userErrorOf(() => compileSmall(network({ [name]: register }), chip));
        expect(error.message).toBe(
          `population "cells": ${name} is ${register}; the chip has 0..4095, and a core adds its offset bit ${name === 'decayU' ? 'dsOffset' : 'dmOffset'} to all of them [HW 2.3]`,
        );
        expect(error.details).toMatchObject({ code: 'out-of-range', got: register, limit: [0, 4095] });
      }
    },
  );

  it('has dsOffset 1 and dmOffset 0 by default: a perfect integrator of v, but none of u', () => {
    const [group] = compileSmall(network({})).image.cores[0]!.groups;
    expect(group).toMatchObject({ effectiveDecayU: 1, effectiveDecayV: 0 });
  });

  it('are bits of a core: one class of cores can have what another cannot', () => {
    const population = (name: string) => ({
      name,
      size: 1,
      coreClass: name,
      compartment: { decayU: 0, decayV: 4095, threshold: 131071 },
    });
    const { image } = compileSmall({
      coreClasses: [{ name: 'usual' }, { name: 'other', dsOffset: 0, dmOffset: 1 }],
      populations: [population('usual'), population('other')],
    });
    expect(image.cores.map(({ groups }) => groups[0])).toMatchObject([
      { effectiveDecayU: 1, effectiveDecayV: 4095 },
      { effectiveDecayU: 0, effectiveDecayV: 4096 },
    ]);
  });

  it('are 0 or 1', () => {
    const tooMuch = { ...network({}), coreClasses: [{ name: 'core', dsOffset: 2 as 1 }] };
    expect(userErrorOf(() => compileSmall(tooMuch)).message).toBe(
      'core class "core": dsOffset is 2; the chip has 0..1',
    );
  });
});
