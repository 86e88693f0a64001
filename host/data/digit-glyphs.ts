// How the ten digits of the embedded set are written: pen strokes as control points, in hundredths of a
// square's side, x to the right and y downwards. A stroke is a smooth curve through its points, broken where
// the pen turns sharply. People write a digit in several ways, so each has variants with different strokes; a
// variant listed twice is drawn twice as often. The shapes are our own.

/** A point the pen passes through, in a square of side 1, x to the right, y downwards. */
export interface ControlPoint {
  readonly x: number;
  readonly y: number;
  /** The pen turns sharply here: the curve is not smooth through this point. */
  readonly isCorner: boolean;
}

/** One pen stroke: at least two points. */
export type Stroke = readonly ControlPoint[];

/** One way to write a digit. */
export type Glyph = readonly Stroke[];

// x,y of each point; `!` marks a corner, `/` lifts the pen.
const WRITTEN: readonly (readonly string[])[] = [
  [
    '52,2 30,14 20,50 31,87 52,98 73,86 82,50 72,14 50,3', // round
    '62,8 45,4 31,30 29,68 42,96 60,90 72,58 70,22 52,5', // narrow and leaning
    '40,12 23,36 24,74 46,97 70,84 80,48 68,12 48,3 38,16 50,27', // the end curls inwards
  ],
  [
    '52,2 50,50 49,98', // bare stem
    '52,2 50,50 49,98',
    '32,25 44,15 55,2! 54,50 53,98', // flag
    '32,25 44,15 55,2! 54,50 53,98',
    '34,22 44,14 54,2! 53,50 53,97 / 30,97 53,96 75,97', // flag and foot
  ],
  [
    '24,24 34,7 54,2 73,13 73,34 54,60 23,96! 50,95 80,95', // flat base
    '24,24 34,7 54,2 73,13 73,34 54,60 23,96! 50,95 80,95',
    '25,20 40,4 62,5 72,24 62,50 42,80 26,94 20,84 34,78 54,92 68,97 82,88', // loop in the base
    '28,30 30,12 50,2 70,12 70,36 50,68 22,92! 42,86 60,97 80,90', // wavy base
  ],
  [
    '25,14 45,2 70,10 70,33 44,46! 72,56 77,78 52,98 22,88', // two bows
    '25,14 45,2 70,10 70,33 44,46! 72,56 77,78 52,98 22,88',
    '25,4 50,3 75,4! 60,22 45,40! 70,48 77,72 56,96 22,90', // flat top
    '28,10 52,2 70,16 62,38 42,47 40,54 52,47 74,60 70,88 44,98 22,85', // loop in the waist
  ],
  [
    '36,4 30,30 22,57! 50,58 84,55 / 66,14 63,55 61,98', // open top
    '36,4 30,30 22,57! 50,58 84,55 / 66,14 63,55 61,98',
    '62,98 62,50 64,2! 40,34 16,66! 50,65 86,65', // closed, printed
    '26,4 22,32 34,50 56,48 72,36 / 76,3 71,50 66,98', // rounded bowl
  ],
  [
    '34,6 31,24 28,43! 50,38 75,52 74,80 50,97 21,88 / 33,5 55,5 78,3', // the bar is a stroke of its own
    '76,4 56,5 36,5! 33,24 30,46! 52,40 74,56 70,84 46,97 24,88', // one stroke
    '77,6 55,3 36,12 33,34 50,46 70,60 70,84 48,98 22,90', // no corners, like an S
  ],
  [
    '66,3 42,20 26,52 28,84 50,98 72,86 72,62 52,51 30,68', // curved stem
    '45,2 35,35 28,72 42,97 66,92 72,72 56,58 32,68', // straight stem
    '74,14 56,3 34,20 24,56 32,90 56,98 76,78 62,54 38,56 26,72', // the stem starts with a hook
  ],
  [
    '22,6 50,5 78,4! 60,45 44,98', // plain
    '22,6 50,5 78,4! 60,45 44,98',
    '22,6 50,5 78,4! 60,45 46,98 / 38,52 58,50 78,49', // bar across the stem
    '22,20 23,7! 50,8 78,5! 62,32 52,62 50,98', // serif
  ],
  [
    '70,12 50,2 30,12 32,32 52,48 74,68 70,90 50,98 28,90 26,70 48,50 68,32 70,10', // one stroke
    '50,3 32,12 31,32 50,44 69,32 68,12 50,3 / 50,45 28,56 26,84 50,97 74,84 73,57 50,45', // two rings
    '72,8 46,3 30,18 42,38 62,56 70,80 50,98 30,82 40,58 62,38 76,16', // open at the top
  ],
  [
    '70,14 50,3 28,16 28,40 48,50 68,36 72,10! 70,50 66,98', // straight stem
    '70,22 54,3 31,12 27,36 46,50 68,34 74,18 72,52 62,82 38,98', // curved stem
    '68,16 48,3 28,18 30,42 52,46 69,28 72,12! 74,50 68,84 48,98 26,88', // the stem ends in a hook
  ],
];

function readPoint(text: string): ControlPoint {
  const isCorner = text.endsWith('!');
  const [x, y] = (isCorner ? text.slice(0, -1) : text).split(',').map(Number);
  return { x: (x ?? Number.NaN) / 100, y: (y ?? Number.NaN) / 100, isCorner };
}

function readGlyph(text: string): Glyph {
  return text.split(' / ').map((stroke) => stroke.split(' ').map(readPoint));
}

/** The ways to write each digit, by digit 0..9; a generator picks among them with equal chance. */
export const DIGIT_GLYPHS: readonly (readonly Glyph[])[] = WRITTEN.map((variants) => variants.map(readGlyph));
