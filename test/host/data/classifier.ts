// A plain softmax classifier, with or without one hidden layer of ReLU, trained with Adam on mini-batches.
// It measures how hard an image set is: slow, obvious, and independent of everything else in the project.

import type { ImageSet } from '../../../host/data/dataset.ts';
import { shuffledOrder } from '../../../host/data/shuffle.ts';

const BATCH = 50;

/** A fully connected layer and its optimiser state. */
class Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** float32, [inputs + 1][outputs]; the last row is the bias. Gradient and the two Adam moments alike. */
  readonly weights: Float32Array;
  readonly #gradient: Float32Array;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;

  constructor(inputs: number, outputs: number, spread: number) {
    const size = (inputs + 1) * outputs;
    this.inputs = inputs;
    this.outputs = outputs;
    // Any fixed scatter breaks the symmetry of hidden units; a linear readout starts at 0.
    this.weights = Float32Array.from({ length: size }, (_, i) => {
      const hash = Math.imul(i + 1, 0x9e3779b1);
      return spread * (((Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0) / 2 ** 32) * 2 - 1);
    });
    this.weights.fill(0, inputs * outputs);
    this.#gradient = new Float32Array(size);
    this.#mean = new Float32Array(size);
    this.#square = new Float32Array(size);
  }

  forward(x: Float32Array, y: Float32Array): void {
    const { inputs, outputs, weights } = this;
    for (let j = 0; j < outputs; j++) y[j] = weights[inputs * outputs + j]!;
    for (let i = 0; i < inputs; i++) {
      const value = x[i]!;
      if (value === 0) continue;
      for (let j = 0; j < outputs; j++) y[j]! += value * weights[i * outputs + j]!;
    }
  }

  /** Adds to the gradient; `dx`, if given, gets the error of the inputs. */
  backward(x: Float32Array, dy: Float32Array, dx?: Float32Array): void {
    const { inputs, outputs, weights } = this;
    const gradient = this.#gradient;
    for (let j = 0; j < outputs; j++) gradient[inputs * outputs + j]! += dy[j]!;
    for (let i = 0; i < inputs; i++) {
      const value = x[i]!;
      if (value === 0) continue;
      let error = 0;
      for (let j = 0; j < outputs; j++) {
        gradient[i * outputs + j]! += value * dy[j]!;
        error += weights[i * outputs + j]! * dy[j]!;
      }
      if (dx !== undefined) dx[i] = error;
    }
  }

  /** One Adam step (Kingma and Ba 2015, algorithm 1) with weight penalty; clears the gradient. */
  update(rate: number, step: number, penalty: number): void {
    const meanScale = 1 / (1 - 0.9 ** step);
    const squareScale = 1 / (1 - 0.999 ** step);
    for (let i = 0; i < this.weights.length; i++) {
      const g = this.#gradient[i]! / BATCH + penalty * this.weights[i]!;
      const mean = 0.9 * this.#mean[i]! + 0.1 * g;
      const square = 0.999 * this.#square[i]! + 0.001 * g * g;
      this.weights[i]! -= (rate * mean * meanScale) / (Math.sqrt(square * squareScale) + 1e-8);
      this.#mean[i] = mean;
      this.#square[i] = square;
      this.#gradient[i] = 0;
    }
  }
}

/** Replaces scores by probabilities; returns the index of the largest. */
function softmax(scores: Float32Array): number {
  let best = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
  const largest = scores[best]!;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k]! - largest);
    sum += scores[k]!;
  }
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
  return best;
}

export interface Training {
  /** Hidden units; 0 for a linear readout of the pixels. */
  readonly hidden: number;
  readonly epochs: number;
  /** Adam's step at the start; it falls linearly to 0. */
  readonly rate: number;
  /** Weight of half the sum of squares of all weights in the loss. */
  readonly penalty: number;
}

/** Trains on `train` (pixels / 255, ten classes); returns the share of `test` classified correctly, 0..1. */
export function accuracyOf(train: ImageSet, test: ImageSet, options: Training): number {
  const { hidden, epochs, rate, penalty } = options;
  const size = train.height * train.width;
  const first = hidden === 0 ? undefined : new Layer(size, hidden, 0.08);
  const last = new Layer(hidden === 0 ? size : hidden, 10, hidden === 0 ? 0 : 0.15);
  const pixels = new Float32Array(size);
  const units = new Float32Array(hidden);
  const unitErrors = new Float32Array(hidden);
  const scores = new Float32Array(10);

  const classify = (set: ImageSet, sample: number): number => {
    for (let i = 0; i < size; i++) pixels[i] = set.images[sample * size + i]! / 255;
    if (first !== undefined) {
      first.forward(pixels, units);
      for (let j = 0; j < hidden; j++) units[j] = Math.max(0, units[j]!);
    }
    last.forward(first === undefined ? pixels : units, scores);
    return softmax(scores);
  };

  const batches = Math.floor(train.count / BATCH);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffledOrder(train.count, 1, epoch);
    for (let batch = 0; batch < batches; batch++) {
      for (const sample of order.subarray(batch * BATCH, (batch + 1) * BATCH)) {
        classify(train, sample);
        scores[train.labels[sample]!]! -= 1;
        if (first === undefined) {
          last.backward(pixels, scores);
        } else {
          unitErrors.fill(0); // units at 0 are skipped by backward, and pass no error
          last.backward(units, scores, unitErrors);
          first.backward(pixels, unitErrors);
        }
      }
      const stepRate = rate * (1 - step / (epochs * batches));
      step++;
      first?.update(stepRate, step, penalty);
      last.update(stepRate, step, penalty);
    }
  }
  let correct = 0;
  for (let i = 0; i < test.count; i++) if (classify(test, i) === test.labels[i]) correct++;
  return correct / test.count;
}
