// A small square sheet that pen strokes are drawn on: how much of each pixel the ink covers, anti-aliased by
// the distance from the pixel's centre to the stroke. Only + - * / and Math.sqrt, which IEEE 754 rounds the
// same way everywhere.

/** Coverage of a square image by ink, 0..1 a pixel. */
export class InkCanvas {
  /** Pixels along each edge. */
  readonly side: number;
  /** [side * side], row-major, 0 = blank, 1 = full ink. Pixel (column, row) has its centre at (column + 0.5, row + 0.5). */
  readonly coverage: Float64Array;

  constructor(side: number) {
    this.side = side;
    this.coverage = new Float64Array(side * side);
  }

  /** Blanks the sheet. */
  clear(): void {
    this.coverage.fill(0);
  }

  /**
   * Draws a straight piece of a stroke with round ends; where pieces overlap the darker one counts.
   * Coordinates and radius in pixels; the edge is one pixel soft. What lies outside the sheet is cut off.
   */
  line(x0: number, y0: number, x1: number, y1: number, radius: number): void {
    const { side, coverage } = this;
    const reach = radius + 0.5;
    const reachSquared = reach * reach;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
    const right = Math.min(side - 1, Math.floor(Math.max(x0, x1) + reach));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(side - 1, Math.floor(Math.max(y0, y1) + reach));
    const dx = x1 - x0;
    const dy = y1 - y0;
    const lengthSquared = dx * dx + dy * dy;
    const perLength = lengthSquared > 0 ? 1 / lengthSquared : 0;
    for (let row = top; row <= bottom; row++) {
      const py = row + 0.5 - y0;
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - x0;
        // Where along the piece the nearest point lies, 0..1.
        let t = (px * dx + py * dy) * perLength;
        if (t < 0) t = 0;
        else if (t > 1) t = 1;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const squared = ex * ex + ey * ey;
        if (squared >= reachSquared) continue;
        const depth = reach - Math.sqrt(squared);
        const covered = depth > 1 ? 1 : depth;
        const at = row * side + column;
        if (covered > coverage[at]!) coverage[at] = covered;
      }
    }
  }

  /** Multiplies the ink in a disc by `factor` (0..1), as a thumb or a worn pen would; the edge is one pixel soft. */
  fade(x: number, y: number, radius: number, factor: number): void {
    const { side, coverage } = this;
    const reach = radius + 0.5;
    const left = Math.max(0, Math.floor(x - reach));
    const right = Math.min(side - 1, Math.floor(x + reach));
    const top = Math.max(0, Math.floor(y - reach));
    const bottom = Math.min(side - 1, Math.floor(y + reach));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - x;
        const py = row + 0.5 - y;
        const depth = Math.min(1, reach - Math.sqrt(px * px + py * py));
        if (depth > 0) coverage[row * side + column]! *= 1 - depth * (1 - factor);
      }
    }
  }
}
