// Architectures of SANA-FE as chip files: every number where it belongs, and said what has no place.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importSanaFeChip } from '../../../host/import/sana-fe-chip.ts';
import { userErrorOf } from '../../support/errors.ts';
import { folderOf, loadText } from '../chip/chip-fixture.ts';

const FILE = fileURLToPath(new URL('./fixtures/small-architecture.yaml', import.meta.url));
const TEXT = readFileSync(FILE, 'utf8');

/** The fixture with a change. */
function changed(from: string | RegExp, to: string): string {
  const text = TEXT.replace(from, to);
  expect(text).not.toBe(TEXT);
  return join(folderOf({ 'architecture.yaml': text }), 'architecture.yaml');
}

describe('a chip from an architecture of SANA-FE', () => {
  const { name, text, notes } = importSanaFeChip(FILE);
  const { chip, provenance } = loadText(text);

  it('has the mesh and the limits of the architecture', () => {
    expect([name, chip.name]).toEqual(['two-by-three', 'two-by-three']);
    expect(chip.topology).toMatchObject({ tilesX: 2, tilesY: 3, coresPerTile: 2 });
    expect(chip.core.compartments).toBe(256);
  });

  it('has its times', () => {
    expect(chip.timing).toMatchObject({
      compartmentAccess: 5e-9,
      compartmentUpdate: 2e-9,
      spikeOut: 25e-9,
      axonOut: 6e-9,
      axonIn: 11e-9,
      synapticOpDense: 3e-9,
      synapticOpSparse: 4e-9,
      // The unit that comes first stands for a format that none is named after.
      synapticOpConv: 1e-9,
      hopEastWest: 2.5e-9,
      hopNorthSouth: 3e-9,
      linkBuffer: 8,
      barrier: [
        { tiles: 1, time: 0.2e-6 },
        { tiles: 6, time: 0.5e-6 },
      ],
    });
  });

  it('has its energies in a profile of its own, and those of no other chip beside it', () => {
    expect(Object.keys(chip.energy.profiles)).toEqual(['sana-fe']);
    const joules = Object.entries(chip.energy.profiles['sana-fe']!.coefficients).map(
      ([key, coefficient]) => [key, coefficient?.value] as const,
    );
    expect(Object.fromEntries(joules)).toMatchObject({
      compartmentAccess: 50e-12,
      compartmentUpdate: 20e-12,
      spike: 60e-12,
      message: 100e-12,
      inputAxonEvent: 7e-12,
      hopEastWest: 1.5e-12,
      hopNorthSouth: 3e-12, // the mean of 2 and 4
      synapticOpDense: 30e-12,
      synapticOpSparse: 40e-12,
      synapticOpConv: 9e-12,
      // SANA-FE does not learn: Loihi 1's.
      synapseVisit: 120e-12,
    });
  });

  it('says of every number which key it came from', () => {
    expect(provenance.get('timing.axonIn')).toMatchObject({
      source:
        'imported from small-architecture.yaml: architecture.tile.0.core.0.axon_in.0.attributes.latency_message_in',
      class: 'published',
      written: '11 ns',
    });
    expect(provenance.get('topology.coresPerTile')?.source).toContain('architecture.tile.0.core');
  });

  it('says what has no place, what was taken for what, and which keys it does not know', () => {
    const said = notes.join('\n');
    for (const piece of [
      'energy_north_hop and energy_south_hop differ',
      'energy_update is left out',
      'source[0..255] is left out; ports cost nothing here',
      'no synapse unit is named conv; it takes spare',
      'buffer_position is left out',
      'the barrier is linear',
      'unknown key architecture.tile.0.attributes.colour',
    ])
      expect(said).toContain(piece);
    expect(said).not.toMatch(/latency_\w+_hop differ|unknown key .*\.name/);
    // The file says it, too.
    for (const note of notes) expect(text).toContain(note);
  });

  it('refuses a file that lacks a number or has something else in its place, where it stands', () => {
    const missing = userErrorOf(() => importSanaFeChip(changed(/^ *latency_north_hop.*\n/m, '')));
    expect(missing.message).toContain('missing key "latency_north_hop"');
    expect(missing.details.line).toBeGreaterThan(5);
    const wrong = userErrorOf(() =>
      importSanaFeChip(changed('energy_spike_out: 60.0e-12', 'energy_spike_out: much')),
    );
    expect(wrong.message).toContain('"much"; a number');
    expect(userErrorOf(() => importSanaFeChip(changed('architecture:', 'network:'))).message).toContain(
      'architecture',
    );
    expect(userErrorOf(() => importSanaFeChip(changed('{topology', '{topology: ['))).details.code).toBe(
      'yaml',
    );
  });

  it('takes one barrier time for any number of tiles', () => {
    const file = changed(/sync_model.*}}/, 'latency_sync: 0.3e-6}');
    expect(loadText(importSanaFeChip(file).text).chip.timing.barrier).toEqual([{ tiles: 1, time: 0.3e-6 }]);
  });
});
