import { describe, expect, it } from 'vitest';
import { InkCanvas } from '../../../host/data/ink-canvas.ts';

describe('a stroke on the canvas', () => {
  it('covers pixels by their distance from it, with an edge one pixel soft', () => {
    const canvas = new InkCanvas(9);
    canvas.line(0.5, 4.5, 8.5, 4.5, 1.25);
    const column = Array.from({ length: 9 }, (_, row) => canvas.coverage[row * 9 + 4]);
    // Centres are 0, 1 and 2 pixels away from the middle line; 1.25 + 0.5 is where ink ends.
    expect(column).toEqual([0, 0, 0, 0.75, 1, 0.75, 0, 0, 0]);
  });

  it('has round ends and is a dot if it has no length', () => {
    const canvas = new InkCanvas(5);
    canvas.line(2.5, 2.5, 2.5, 2.5, 1);
    const { coverage } = canvas;
    expect(coverage[12]).toBe(1);
    expect(coverage[11]).toBe(0.5);
    expect(coverage[6]).toBeCloseTo(1.5 - Math.SQRT2, 12);
    expect(coverage[10]).toBe(0);
  });

  it('is cut off at the border and does not come back on the other side', () => {
    const canvas = new InkCanvas(5);
    canvas.line(-20, 2.5, -0.25, 2.5, 1);
    for (let row = 0; row < 5; row++) expect(canvas.coverage[row * 5 + 4]).toBe(0);
    expect(canvas.coverage[10]).toBe(0.75);
  });

  it('does not darken where strokes overlap', () => {
    const once = new InkCanvas(9);
    once.line(1, 1, 8, 7, 0.8);
    const twice = new InkCanvas(9);
    twice.line(1, 1, 8, 7, 0.8);
    twice.line(8, 7, 1, 1, 0.8);
    twice.coverage.forEach((covered, i) => {
      expect(covered).toBeCloseTo(once.coverage[i]!, 12);
    });
  });

  it('fades in a disc and nowhere else, and is gone after clear', () => {
    const canvas = new InkCanvas(9);
    canvas.line(0.5, 4.5, 8.5, 4.5, 1);
    canvas.fade(4.5, 4.5, 1, 0.25);
    expect(canvas.coverage[40]).toBe(0.25);
    expect(canvas.coverage[36]).toBe(1);
    canvas.clear();
    expect(canvas.coverage.every((covered) => covered === 0)).toBe(true);
  });
});
