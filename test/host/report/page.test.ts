// The page of one run, on the fixture: well-formed, self-contained, true to the report, and plain about what is
// not known.

import { describe, expect, it } from 'vitest';
import { COUNTER_NAMES } from '../../../host/measure/counters.ts';
import { renderHtml } from '../../../host/report/html.ts';
import type { Report } from '../../../host/report/report.ts';
import { renderSummary } from '../../../host/report/summary.ts';
import { byId, descendants, type HtmlElement, parseHtml, tableRows, textOf } from '../../support/html.ts';
import { decodePng } from '../../support/png.ts';
import { agrees, FOUR_DIGITS, readCount, readPercent, readSi, THREE_DIGITS } from './figures.ts';
import { fixtureReport } from './fixture.ts';

/** Addresses that elements load or lead to. */
const ADDRESSES = ['src', 'href', 'xlink:href', 'action', 'data', 'srcset', 'poster'];

async function pageOf(changes: Partial<Report> = {}): Promise<HtmlElement> {
  return parseHtml(await renderHtml(fixtureReport(changes)));
}

function ofClass(element: HtmlElement, name: string): HtmlElement[] {
  return descendants(element).filter(({ attributes }) =>
    (attributes.get('class') ?? '').split(' ').includes(name),
  );
}

/** The card with this title. */
function cardOf(page: HtmlElement, title: string): HtmlElement {
  const found = ofClass(page, 'card').find((card) =>
    descendants(card).some((item) => item.name === 'h3' && textOf(item).trim() === title),
  );
  if (found === undefined) throw new Error(`there is no card "${title}"`);
  return found;
}

/** Key figures by name. */
function tiles(page: HtmlElement): Map<string, string> {
  return new Map(
    ofClass(page, 'tile').map((tile) => [
      textOf(ofClass(tile, 'name')[0]!).trim(),
      textOf(ofClass(tile, 'value')[0]!).trim(),
    ]),
  );
}

/** Small facts below the key figures, by name. */
function facts(page: HtmlElement): Map<string, string> {
  const all = descendants(ofClass(page, 'facts')[0]!);
  const values = all.filter(({ name }) => name === 'dd').map((item) => textOf(item).trim());
  return new Map(all.filter(({ name }) => name === 'dt').map((item, i) => [textOf(item).trim(), values[i]!]));
}

/** Texts of the pictures in an element. */
function pictureTexts(element: HtmlElement): string[] {
  return descendants(element)
    .filter(({ name }) => name === 'text')
    .map((item) => textOf(item).trim());
}

function renamed(name: string): Partial<Report> {
  const report = fixtureReport();
  return {
    data: { ...report.data, name, title: name, synthetic: false, sources: [{ name, sha256: name }] },
    chip: { name, title: name, status: name, generation: name },
    recipe: { name, title: name, about: name, settings: { [name]: name } },
    versions: { [name]: name },
    legality: { chip: name, extensions: [name], assumptions: [name] },
    layers: { spikesPerTestSample: { [name]: 3 } },
    accuracy: {
      ...report.accuracy,
      readout: name,
      checkpoints: [{ samples: 9, accuracy: 0.5, alignmentDeg: { [name]: 40 } }],
    },
    energy: {
      ...report.energy,
      profile: name,
      byPhaseJ: { [name]: 1e-6 },
      byProfileJ: { [name]: 1e-6 },
      notModelled: { [name]: [name] },
      unknowns: [name],
      byCoreJ: [{ core: 0, coreClass: name, perTrainingSampleJ: 1e-6 }],
      uncertainty: {
        ...report.energy.uncertainty!,
        tornado: [{ ...report.energy.uncertainty!.tornado[0]!, lowAt: name, highAt: name }],
      },
      coefficients: [{ ...report.energy.coefficients[0]!, profile: name, name, source: name, class: name }],
    },
  };
}

describe('page of a run, as a document', () => {
  it('is well-formed, with every id once and every link in the page leading somewhere', async () => {
    const all = descendants(await pageOf());
    const ids = all.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const links = all.flatMap((item) => (item.name === 'a' ? [item.attributes.get('href')!] : []));
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(ids).toContain(link.replace(/^#/, ''));
  });

  it('loads nothing and runs nothing', async () => {
    const all = descendants(await pageOf());
    expect(all.filter(({ name }) => /^(script|iframe|object|embed|base|form)$/.test(name))).toEqual([]);
    for (const { attributes } of all) {
      expect([...attributes.keys()].filter((name) => /^on/.test(name))).toEqual([]);
      for (const name of ADDRESSES) expect(attributes.get(name) ?? '#').toMatch(/^(?:#|data:)/);
      expect(attributes.get('style') ?? '').not.toContain('url(');
    }
    const style = all.find(({ name }) => name === 'style')!;
    expect(style.children.join('')).not.toMatch(/url\(|@import/);
    const policy = all.find(({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy')!;
    expect(policy.attributes.get('content')).toContain("default-src 'none'");
  });

  it('shows text from files as text, wherever it stands', async () => {
    const name = '<b>"x"</b> & \u0007\'<script>alert(1)</script>';
    const page = await pageOf(renamed(name));
    expect(descendants(page).filter((item) => item.name === 'script')).toEqual([]);
    const heading = descendants(page).find((item) => item.name === 'h1')!;
    expect(textOf(heading).trim()).toBe(`${name} on ${name}`.replaceAll('\u0007', '\ufffd'));
    expect(textOf(byId(page, 'provenance'))).toContain('<b>"x"</b>');
  });

  it('stays below a megabyte with 64 receptive fields of 28 x 28', async () => {
    const { receptiveFields } = fixtureReport();
    const neurons = Array.from({ length: 64 }, (_, i) => receptiveFields!.neurons[i % 48]!);
    const text = await renderHtml(fixtureReport({ receptiveFields: { ...receptiveFields!, neurons } }));
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  });

  it('has pictures that can be read: plots with a title and shapes, fields of the right size', async () => {
    const all = descendants(await pageOf());
    const plots = all.filter(({ name }) => name === 'svg');
    expect(plots).toHaveLength(10);
    for (const plot of plots) {
      expect(plot.attributes.get('aria-label')).toMatch(/^[A-Z]/);
      const paths = descendants(plot).filter(({ name }) => name === 'path');
      expect(paths.length).toBeGreaterThan(1);
      for (const path of paths) expect(path.attributes.get('d') ?? '').not.toMatch(/NaN|undefined|Infinity/);
    }
    const images = all.filter(({ name }) => name === 'img');
    const pictures = images.map(({ attributes }) =>
      decodePng(Buffer.from(attributes.get('src')!.replace('data:image/png;base64,', ''), 'base64')),
    );
    expect(pictures.map(({ width, height }) => `${width}x${height}`)).toEqual([
      '220x1',
      ...Array.from({ length: 48 }, () => '28x28'),
    ]);
  });

  it('draws a field red where a weight is positive and blue where it is negative', async () => {
    const page = await pageOf({ receptiveFields: { height: 1, width: 3, neurons: [[-100, 0, 100]] } });
    const image = descendants(byId(page, 'fields')).findLast(({ name }) => name === 'img')!;
    const { rgb } = decodePng(Buffer.from(image.attributes.get('src')!.split(',')[1]!, 'base64'));
    expect(rgb[2]! - rgb[0]!).toBeGreaterThan(50);
    expect([...rgb.subarray(3, 6)]).toEqual([247, 247, 247]);
    expect(rgb[6]! - rgb[8]!).toBeGreaterThan(50);
  });
});

describe('page of a run, its figures', () => {
  const report = fixtureReport();

  it('gives accuracy, energy and time of the report as key figures', async () => {
    const shown = tiles(await pageOf());
    expect(readPercent(shown.get('Test accuracy')!)).toBe(report.accuracy.test);
    const energy = readSi(shown.get('Energy per training sample')!, 'J');
    expect(agrees(energy, report.energy.perTrainingSampleJ.value, THREE_DIGITS)).toBe(true);
    const time = readSi(shown.get('Time per training sample')!, 's');
    expect(agrees(time, report.time.perTrainingSampleS!, THREE_DIGITS)).toBe(true);
  });

  it('gives static energy on a line of its own, per sample and of the whole run', async () => {
    const page = await pageOf();
    const perSample = readSi(facts(page).get('Static energy per training sample')!, 'J');
    expect(agrees(perSample, report.energy.staticJ! / report.samples.presented, THREE_DIGITS)).toBe(true);
    const rows = ofClass(cardOf(page, 'All of training, and what is left out'), 'row');
    const cells = rows.map(({ children }) =>
      children.flatMap((child) => (typeof child === 'string' ? [] : textOf(child).trim())),
    );
    const read = (name: string) => readSi(cells.find(([first]) => first === name)![1]!, 'J');
    expect(agrees(read('Static'), report.energy.staticJ!, THREE_DIGITS)).toBe(true);
    expect(agrees(read('Dynamic'), report.energy.dynamicJ, THREE_DIGITS)).toBe(true);
  });

  it('shows the energy of every unit and phase, and says that all of it is modelled', async () => {
    const page = await pageOf();
    const expected = [
      ['By unit', Object.values(report.energy.byUnitJ)],
      ['By phase', Object.values(report.energy.byPhaseJ).filter((joules) => joules > 0)],
    ] as const;
    for (const [title, values] of expected) {
      const shown = pictureTexts(cardOf(page, title)).filter((text) => / · /.test(text));
      const read = shown.map((text) => readSi(text, 'J')).sort((a, b) => b - a);
      expect(read).toHaveLength(values.length);
      for (const [i, joules] of values.toSorted((a, b) => b - a).entries())
        expect(agrees(read[i]!, joules, THREE_DIGITS)).toBe(true);
      const shares = shown.map((text) => (text.includes('<') ? 0 : readPercent(text)));
      // Every share is rounded to a tenth of a percent, or is less than that.
      const bound = shares.length * 0.001;
      expect(Math.abs(shares.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(bound);
    }
    expect(textOf(byId(page, 'energy'))).toContain('not measurements');
  });

  it('shows every reading under every profile, and shades the range of the report', async () => {
    const page = await pageOf();
    const shown = pictureTexts(cardOf(page, 'How sure: readings and profiles'));
    const read = shown
      .filter((text) => /^[\d.]+ .J$/.test(text) && text !== '0')
      .map((text) => readSi(text, 'J'));
    for (const { byProfileJ, reading } of report.energy.byVisits) {
      expect(shown).toContain(reading);
      for (const joules of Object.values(byProfileJ))
        expect(read.some((value) => agrees(value, joules, THREE_DIGITS))).toBe(true);
    }
    const { low, high } = report.energy.perTrainingSampleJ;
    const remark = textOf(cardOf(page, 'How sure: readings and profiles'));
    const [, from, to] = /range of the report, ([\d.]+ µJ|[\d.]+) – ([\d.]+ µJ)/.exec(remark)!;
    expect(agrees(readSi(`${from!.replace(' µJ', '')} µJ`, 'J'), low, THREE_DIGITS)).toBe(true);
    expect(agrees(readSi(to!, 'J'), high, THREE_DIGITS)).toBe(true);
  });

  it('shows what moves the energy most, widest first, and what nine in ten draws say', async () => {
    const card = cardOf(await pageOf(), 'What moves it most');
    const names = pictureTexts(card).filter((text) =>
      /^(learning visits|synapseVisit|profile|traceUpdate),/.test(text),
    );
    expect(names).toEqual([
      'learning visits, activeAxons or allPlastic',
      'synapseVisit, 80.0 – 180 pJ',
      'profile, davies2018 or sana-fe',
      'traceUpdate, 0 – 21.6 pJ',
    ]);
    const text = textOf(card);
    expect(text).toContain('1000 draws');
    expect(text).toContain('21.7 – 34.0 µJ');
    expect(text).toContain('7.40 – 33.0 µJ');
  });

  it('tells energy apart by part and core, and names what no source says', async () => {
    const page = await pageOf();
    const parts = pictureTexts(cardOf(page, 'By part of a sample'));
    for (const part of ['forward', 'error', 'learning', 'sleep', 'management']) expect(parts).toContain(part);
    expect(pictureTexts(cardOf(page, 'By core')).filter((text) => / · /.test(text))).toHaveLength(4);
    const whole = textOf(cardOf(page, 'All of training, and what is left out'));
    for (const sentence of report.energy.unknowns) expect(whole).toContain(sentence);
    expect(whole).toMatch(/Embedded processors\s*1\.10 J/);
    expect(whole).toMatch(/Input and output\s*unknown/);
  });

  it('stands beside published systems, each with what cannot be compared', async () => {
    const rows = tableRows(cardOf(await pageOf(), 'Beside published systems')).slice(1);
    expect(rows[0]![0]).toBe('this run');
    const nbp = rows.find(([name]) => name!.startsWith('nBP'))!;
    expect(nbp[3]).toMatch(/^590 µJ\s*this run × 0\.046$/);
    // The fixture learned digits drawn by a program.
    for (const row of rows.slice(1)) expect(row[6]).toMatch(/^another task; /);
    expect(rows.find(([name]) => name!.startsWith('BioGrad'))![3]).toBe('not published');
  });

  it('shows what every reading visits and costs', async () => {
    const rows = tableRows(cardOf(await pageOf(), 'What a learning epoch is charged for')).slice(1);
    expect(rows).toHaveLength(report.energy.byVisits.length);
    for (const [i, row] of report.energy.byVisits.entries()) {
      const [reading, visits, learning, total, seconds] = rows[i]!;
      expect(reading).toBe(row.reading);
      expect(agrees(readCount(visits!), row.visitsPerTrainingSample, FOUR_DIGITS)).toBe(true);
      expect(agrees(readSi(learning!, 'J'), row.learningPerTrainingSampleJ, THREE_DIGITS)).toBe(true);
      expect(agrees(readSi(total!, 'J'), row.perTrainingSampleJ, THREE_DIGITS)).toBe(true);
      expect(agrees(readSi(seconds!, 's'), row.learningTimePerTrainingSampleS, THREE_DIGITS)).toBe(true);
    }
  });

  it('lists every counter with the counts of the report', async () => {
    const rows = tableRows(byId(await pageOf(), 'counts'));
    // Two tables with a heading each: per sample, and by phase.
    const second = rows.findLastIndex(([first]) => first === 'Counter');
    const byName = (part: readonly string[][]) => new Map(part.map((cells) => [cells[0]!, cells] as const));
    const perSample = byName(rows.slice(0, second));
    const byPhase = byName(rows.slice(second));
    const { perTrainingSample, perTestSample, total, perPhase } = report.counts;
    for (const name of COUNTER_NAMES) {
      const [, training, test, all] = perSample.get(name)!;
      expect(agrees(readCount(training!), perTrainingSample[name], FOUR_DIGITS)).toBe(true);
      expect(agrees(readCount(test!), perTestSample[name], FOUR_DIGITS)).toBe(true);
      expect(readCount(all!)).toBe(total[name]);
      expect(byPhase.get(name)!.slice(1).map(readCount)).toEqual(
        Object.values(perPhase).map((counts) => counts[name]),
      );
    }
  });

  it('lists every coefficient and latency with value and source', async () => {
    const page = await pageOf();
    const energies = tableRows(cardOf(page, 'Energy coefficients'))
      .filter(({ length }) => length === 5)
      .slice(1);
    expect(energies).toHaveLength(report.energy.coefficients.length);
    for (const [i, { name, value, source, class: kind }] of report.energy.coefficients.entries()) {
      const [shown, picojoules, , tag, from] = energies[i]!;
      expect([shown, tag, from]).toEqual([name, kind ?? 'unknown', source]);
      expect(readCount(picojoules!)).toBeCloseTo(value * 1e12, 6);
    }
    const latencies = tableRows(cardOf(page, 'Latencies and static power')).slice(1);
    expect(latencies.map(([name, , , , source]) => [name, source])).toEqual([
      ...report.time.coefficients.map(({ name, source }) => [name, source ?? 'unknown']),
      ['static power of a chip', report.energy.staticPowerW!.source],
      ['embedded processors of a chip', report.energy.embeddedPowerW!.source],
    ]);
    expect(latencies.map(([, , interval]) => interval)).toEqual([
      '–',
      '–',
      '20.0 ns – 1.70 µs',
      '29.7 – 104 mW',
      '65.0 – 136 mW',
    ]);
    expect(readSi(latencies.at(-2)![1]!, 'W')).toBeCloseTo(report.energy.staticPowerW!.value, 9);
  });

  it('shows spikes per layer and use of every resource', async () => {
    const page = await pageOf();
    const texts = pictureTexts(cardOf(page, 'Spikes per layer'));
    for (const [layer, spikes] of Object.entries(report.layers.spikesPerTestSample)) {
      expect(texts).toContain(layer);
      expect(texts.some((text) => Number(text) > 0 && agrees(Number(text), spikes, THREE_DIGITS))).toBe(true);
    }
    const rows = tableRows(cardOf(page, 'Use of the cores')).slice(1);
    expect(rows.map((cells) => readPercent(cells.at(-1)!))).toEqual(
      Object.values(report.mapping.utilization).map(({ max, limit }) => Number((max / limit).toFixed(3))),
    );
  });

  it('calls data made by a program synthetic wherever it names them', async () => {
    const lines = textOf(await pageOf())
      .split('\n')
      .filter((line) => line.includes(report.data.title.slice(0, 16)));
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) expect(line).toContain('synthetic');
  });
});

describe('page of a run, what is not known', () => {
  const { time, energy } = fixtureReport();

  it('says that time and static energy are unknown if the run did not model them', async () => {
    const none = { perTrainingSampleS: null, perTestSampleS: null, perStepS: null, byPhaseS: null };
    const page = await pageOf({
      time: { ...none, mode: 'functional', cycle: null, coefficients: [] },
      energy: { ...energy, staticJ: null, staticPowerW: null },
    });
    expect(tiles(page).get('Time per training sample')).toBe('unknown');
    expect(facts(page).get('Static energy per training sample')).toBe('unknown');
    expect(textOf(cardOf(page, 'Time per training sample'))).toContain('did not model chip time');
  });

  it('gives no figure for a unit whose events have no coefficient', async () => {
    const page = await pageOf({
      energy: { ...energy, notModelled: { 'sana-fe': ['inputAxonEvent', 'message'] } },
    });
    const texts = pictureTexts(cardOf(page, 'By unit'));
    expect(texts).toContain('unknown');
    expect(texts.some((text) => text.startsWith('at least 45.2 nJ'))).toBe(true);
  });

  it('writes neither NaN nor null nor undefined when figures are missing, and no 0 in their place', async () => {
    const nan = Number.NaN;
    const unit = Object.keys(energy.byUnitJ).map((name) => [name, nan]);
    const report = fixtureReport({
      seed: nan,
      accuracy: {
        ...fixtureReport().accuracy,
        train: nan,
        test: nan,
        ties: nan,
        perEpoch: [nan],
        checkpoints: [],
      },
      time: {
        ...time,
        perTrainingSampleS: null,
        byPhaseS: { forward: { spikingS: nan, learningS: 0, managementS: 0 } },
      },
      energy: {
        ...energy,
        perTrainingSampleJ: { value: nan, low: nan, high: nan },
        perTestSampleJ: { value: nan, low: nan, high: nan },
        byUnitJ: Object.fromEntries(unit),
        byPhaseJ: { forward: nan },
        byPartJ: { forward: nan, error: nan, learning: nan, sleep: nan, management: nan },
        byCoreJ: [{ core: 0, coreClass: 'hidden', perTrainingSampleJ: nan }],
        embeddedJ: null,
        uncertainty: null,
        byProfileJ: { 'sana-fe': nan },
        byVisits: energy.byVisits.map((row) => ({
          ...row,
          perTrainingSampleJ: nan,
          byProfileJ: { 'sana-fe': nan },
        })),
        dynamicJ: nan,
      },
      emulator: {
        wallS: nan,
        trainingSamplesPerS: nan,
        synapticOpsPerS: nan,
        threads: nan,
        build: 'release',
      },
      layers: { spikesPerTestSample: { hidden: nan } },
    });
    const text = await renderHtml(report);
    const page = parseHtml(text);
    expect(text).not.toMatch(/NaN|undefined|\bnull\b/);
    for (const [name, value] of tiles(page))
      expect([name, value.replace('/s', '')]).toEqual([name, 'unknown']);
    expect(facts(page).get('Seed')).toBe('unknown');
    expect(pictureTexts(cardOf(page, 'By phase'))).toEqual(['forward', 'unknown']);
    expect(pictureTexts(cardOf(page, 'Spikes per layer'))).toEqual(['hidden', 'unknown']);
    const summary = renderSummary(report, { color: false, width: 80 });
    expect(summary).not.toMatch(/NaN|undefined|null/);
  });

  it('does without fields, layers and feedback matrices', async () => {
    const { accuracy } = fixtureReport();
    const checkpoints = accuracy.checkpoints.map((checkpoint) => ({ ...checkpoint, alignmentDeg: {} }));
    const page = await pageOf({
      receptiveFields: null,
      layers: { spikesPerTestSample: {} },
      accuracy: { ...accuracy, checkpoints },
    });
    expect(textOf(byId(page, 'fields'))).toContain('shows none');
    expect(textOf(page)).toContain('No layers are named');
    expect(textOf(page)).toContain('No feedback matrices are named');
  });
});

describe('summary in the terminal', () => {
  const summary = renderSummary(fixtureReport(), { color: false, width: 80 });

  it('gives the figures of the report, static energy apart', () => {
    const { energy, accuracy, samples } = fixtureReport();
    const lines = summary.split('\n');
    const lineAfter = (title: string, name: string): string => {
      const section = lines.slice(lines.findIndex((line) => line.startsWith(title)) + 1);
      return section.find((line) => line.trim().startsWith(name))!;
    };
    expect(readPercent(lineAfter('Accuracy', 'test set'))).toBe(accuracy.test);
    const total = readSi(lineAfter('Energy per training sample', 'total'), 'J');
    expect(agrees(total, energy.perTrainingSampleJ.value, THREE_DIGITS)).toBe(true);
    const statics = readSi(lineAfter('Static energy', 'per training sample'), 'J');
    expect(agrees(statics, energy.staticJ! / samples.presented, THREE_DIGITS)).toBe(true);
    expect(lines[0]).toContain('synthetic');
    expect(summary.replace(/\s+/g, ' ')).toContain('not measurements');
  });

  it('keeps to the width of the window and lets no text command the terminal', () => {
    for (const width of [60, 80, 120])
      for (const line of renderSummary(fixtureReport(), { color: false, width }).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
    const report = fixtureReport(renamed('\u001b[2Jx'));
    expect(renderSummary(report, { color: false, width: 80 })).not.toContain('\u001b');
  });
});
