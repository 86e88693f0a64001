// Input of a run: spikes of ports by step, from an array of NumPy, a recording of an event camera, or a list as CSV.

import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { EventStream } from '../data/event-stream.ts';
import { isRecording, readEvents } from '../data/events.ts';
import { type NpyArray, readNpy } from '../data/npz.ts';
import { didYouMean, UserError } from '../errors.ts';
import type { LayerShape, Port } from '../network/network.ts';

/** Spikes of ports; the three lists belong together. */
export interface InputSpikes {
  readonly ports: readonly string[];
  /** Index in `ports`. */
  readonly port: readonly number[];
  readonly step: readonly number[];
  readonly element: readonly number[];
  /** Steps that the input covers. */
  readonly steps: number;
}

/** Collects spikes; one that comes twice in a step is one. */
class Spikes implements InputSpikes {
  readonly ports: readonly string[];
  readonly port: number[] = [];
  readonly step: number[] = [];
  readonly element: number[] = [];
  readonly #sizes: readonly number[];
  readonly #seen = new Set<string>();
  #steps = 0;

  constructor(ports: readonly Port[]) {
    this.ports = ports.map(({ name }) => name);
    this.#sizes = ports.map(({ size }) => size);
  }

  get steps(): number {
    return this.#steps;
  }

  cover(steps: number): void {
    this.#steps = Math.max(this.#steps, steps);
  }

  /** Returns what is wrong with a spike, if something is. */
  add(port: number, step: number, element: number): string | undefined {
    if (!Number.isInteger(step) || step < 0) return `step ${step} is no whole number from 0 on`;
    const size = this.#sizes[port]!;
    if (!Number.isInteger(element) || element < 0 || element >= size)
      return `element ${element} is not in 0..${size - 1}, the elements of port "${this.ports[port]}"`;
    this.cover(step + 1);
    const key = `${port} ${step} ${element}`;
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    this.port.push(port);
    this.step.push(step);
    this.element.push(element);
    return undefined;
  }
}

const MICROSECONDS = 1000; // in a step of 1 ms

function refuse(file: string, message: string, line?: number): never {
  throw new UserError(message, { code: 'bad-input', file, ...(line === undefined ? {} : { line }) });
}

/** The port that an input without names is for. */
function onlyPort(file: string, ports: readonly Port[]): Port {
  const [port] = ports;
  if (port !== undefined && ports.length === 1) return port;
  const names = ports.map(({ name }) => `"${name}"`).join(', ');
  return refuse(
    file,
    port === undefined
      ? 'the network has no port that spikes could go to'
      : `the network has the ports ${names}; a CSV with step,port,element says which`,
  );
}

/** Nearest whole number, the even one of two: as NumPy rounds. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** [elements…, steps] of 0 and 1, or events as rows of neuron, (y,) time in steps. */
function fromArray(file: string, { shape, data }: NpyArray, ports: readonly Port[]): InputSpikes {
  const port = onlyPort(file, ports);
  const spikes = new Spikes(ports);
  const steps = shape.at(-1) ?? 0;
  if (shape.length >= 2 && data.length === port.size * steps) {
    spikes.cover(steps);
    data.forEach((value, at) => {
      if (value === 0) return;
      if (value !== 1) refuse(file, `holds ${value}; a raster holds 0 and 1`);
      spikes.add(0, at % steps, Math.floor(at / steps));
    });
    return spikes;
  }
  if (shape.length !== 2 || (steps !== 2 && steps !== 3)) {
    refuse(
      file,
      `has the shape ${shape.join(' x ')}; a raster of port "${port.name}" is ${port.size} x steps, a list of events n x 2 or n x 3`,
    );
  }
  for (let row = 0; row < shape[0]!; row++) {
    const at = row * steps;
    if (steps === 3 && data[at + 1] !== 0)
      refuse(file, `row ${row}: y is ${data[at + 1]}, and the port has no rows`);
    const wrong = spikes.add(0, roundHalfEven(data[at + steps - 1]!), data[at]!);
    if (wrong !== undefined) refuse(file, `row ${row}: ${wrong}`);
  }
  return spikes;
}

/** Element of an event: [polarity][y][x], or the neuron. */
function elementOf({ x, y, polarity }: EventStream, i: number, shape: LayerShape): number {
  const [channels, height, width] = shape;
  if (height === 1 && width === 1) return x[i]!;
  if (x[i]! >= width || y[i]! >= height || polarity[i]! >= channels) return -1;
  return (polarity[i]! * height + y[i]!) * width + x[i]!;
}

/** Events in steps of 1 ms. */
export function eventSpikes(
  file: string,
  events: EventStream,
  ports: readonly Port[],
  shape: LayerShape,
): InputSpikes {
  const spikes = new Spikes(ports);
  onlyPort(file, ports);
  for (let i = 0; i < events.count; i++) {
    const wrong = spikes.add(0, Math.floor(events.time[i]! / MICROSECONDS), elementOf(events, i, shape));
    if (wrong !== undefined)
      refuse(
        file,
        `event ${i} at x ${events.x[i]}, y ${events.y[i]} lies outside of the input, ${shape.join(' x ')}`,
      );
  }
  return spikes;
}

const CSV_HEAD = 'step,port,element';

function fromCsv(file: string, text: string, ports: readonly Port[]): InputSpikes {
  const spikes = new Spikes(ports);
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines[0]?.replaceAll(' ', '') !== CSV_HEAD) refuse(file, `the first line must be "${CSV_HEAD}"`, 1);
  lines.slice(1).forEach((line, i) => {
    if (line.trim() === '') return;
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== 3)
      refuse(file, `"${line}" has ${cells.length} values, not step,port,element`, i + 2);
    const [step, name, element] = cells as [string, string, string];
    const port = spikes.ports.indexOf(name);
    if (port < 0) refuse(file, `no port is named "${name}"${didYouMean(name, spikes.ports)}`, i + 2);
    const number = (cell: string): number => (cell === '' ? Number.NaN : Number(cell));
    const wrong = spikes.add(port, number(step), number(element));
    if (wrong !== undefined) refuse(file, wrong, i + 2);
  });
  return spikes;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, {
      code: 'unreadable',
      path: file,
    });
  }
}

/**
 * Reads an input file.
 * @param shape of a network of layers; an event camera's recording needs it
 * @throws UserError naming the file and the line or row
 */
export function readInput(file: string, ports: readonly Port[], shape: LayerShape | undefined): InputSpikes {
  const kind = extname(file).toLowerCase();
  if (kind === '.npy') return fromArray(file, readNpy(file), ports);
  if (kind === '.csv') return fromCsv(file, readText(file), ports);
  if (isRecording(file))
    return eventSpikes(file, readEvents(file), ports, shape ?? [onlyPort(file, ports).size, 1, 1]);
  return refuse(
    file,
    `input of kind "${kind}" is not read; .npy, .csv, .bs1, .bs2, .bs3, .bin, .aedat and .aedat4 are`,
  );
}

/**
 * Reads the biases of an input layer: [x][y][channel], in the layer's own order [channel][y][x].
 * @throws UserError naming the file and the shape that is needed
 */
export function inputBiases(file: string, [channels, height, width]: LayerShape): Int16Array {
  const { shape, data } = readNpy(file);
  if (shape.length !== 3 || shape[0] !== width || shape[1] !== height || shape[2] !== channels) {
    refuse(
      file,
      `has the shape ${shape.join(' x ')}; biases of the input layer are ${width} x ${height} x ${channels}`,
    );
  }
  const biases = new Int16Array(data.length);
  data.forEach((value, at) => {
    if (!Number.isInteger(value) || Math.abs(value) > 32767)
      refuse(file, `holds ${value}; a bias is an integer`);
    const [x, y, channel] = [
      Math.floor(at / (height * channels)),
      Math.floor(at / channels) % height,
      at % channels,
    ];
    biases[(channel * height + y) * width + x] = value;
  });
  return biases;
}
