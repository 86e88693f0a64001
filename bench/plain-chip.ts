// The same arithmetic as the core, as plain scalar TypeScript loops over typed arrays: what one would write without
// the core. It executes an image with the features that the benchmarks use, and refuses others.

import type {
  BlockImage,
  ChipImage,
  CoreImage,
  GroupImage,
  ProductImage,
  RouteTable,
  TraceImage,
} from '../host/image/image.ts';
import { deriveKey, streamKey } from '../host/image/random-keys.ts';
import { mix32 } from '../host/mix32.ts';

const word = (key: number, counter: number): number => mix32((key + Math.imul(counter, 0x9e3779b9)) | 0);
const wrap = (x: number, bits: number): number => (x << (31 - bits)) >> (31 - bits);
const decay = (x: number, keep: number): number => Math.trunc((x * keep) / 4096);

interface Group extends GroupImage {
  readonly bias: number;
  readonly u: Int32Array;
  readonly v: Int32Array;
  readonly fired: Uint8Array;
  readonly first: number;
  readonly noiseKey: number;
  readonly traceKey: number;
}

interface Block extends BlockImage {
  readonly units: Int32Array;
  readonly queue: number[];
  readonly dropped: number;
}

interface Core {
  readonly image: CoreImage;
  readonly groups: readonly Group[];
  readonly blocks: readonly Block[];
  readonly ring: Int32Array;
  readonly size: number;
  readonly tx: Uint8Array;
  readonly ty: Uint8Array;
  readonly y: readonly Uint8Array[];
  learning: boolean;
  readonly products: ProductImage[][];
  readonly impulses: { impulse: number; fraction: number }[][];
  rewards: number;
}

export class PlainChip {
  readonly #image: ChipImage;
  readonly #cores: readonly Core[];
  #time = 0;

  constructor(image: ChipImage) {
    this.#image = image;
    this.#cores = image.cores.map((core) => this.#makeCore(core));
  }

  #makeCore(core: CoreImage): Core {
    let first = 0;
    const groups = core.groups.map((group) => {
      const { bias } = group;
      if (
        group.thresholdOp !== 'spike' ||
        (group.join !== 'none' && group.join !== 'add') ||
        group.refractory !== 1 ||
        typeof bias !== 'number'
      ) {
        throw new Error('the plain chip does not have this compartment option');
      }
      const made: Group = {
        ...group,
        bias,
        u: new Int32Array(group.count),
        v: new Int32Array(group.count),
        fired: new Uint8Array(group.count),
        first,
        noiseKey: streamKey(this.#image.seed, 'noise', group.population),
        traceKey: streamKey(this.#image.seed, 'postTrace', group.population),
      };
      first += group.count;
      return made;
    });
    const blocks = core.blocks.map((block): Block => {
      const dropped = 8 - block.bits + (block.signMode === 'mixed' ? 1 : 0);
      const weights =
        block.weights === null ? Int16Array.from(block.mantissas!) : Int16Array.from(block.weights);
      return {
        ...block,
        weights,
        units: Int32Array.from(weights, (w) => Math.floor(w * 2 ** block.exponent)),
        queue: [],
        dropped,
      };
    });
    return {
      image: core,
      groups,
      blocks,
      ring: new Int32Array(core.accumulators * first),
      size: first,
      tx: new Uint8Array(core.axons.length),
      ty: new Uint8Array(first),
      y: [0, 1, 2].map(() => new Uint8Array(first)),
      learning: core.learning,
      products: core.rules.map(({ products }) => [...products]),
      impulses: core.groups.map(({ postTraces }) =>
        (postTraces ?? []).map(({ impulse, fraction }) => ({ impulse, fraction })),
      ),
      rewards: 0,
    };
  }

  /** Weight mantissas of a projection, [from][to]. */
  weights(name: string): Int16Array {
    const projection = this.#image.projections.find((item) => item.name === name)!;
    const matrix = new Int16Array(projection.rows * projection.columns);
    for (const { core, block } of projection.blocks) {
      const { rowElements, columns, columnElement, weights } = this.#cores[core]!.blocks[block]!;
      rowElements.forEach((row, r) => {
        matrix.set(
          weights!.subarray(r * columns, (r + 1) * columns),
          row * projection.columns + columnElement,
        );
      });
    }
    return matrix;
  }

  /** Runs a presentation; `spikes[step]` are the port elements that spike in it. */
  present(name: string, spikes: readonly (readonly number[])[]): void {
    const presentation = this.#image.presentations.find((item) => item.name === name)!;
    for (let step = 0; step < presentation.steps; step++) {
      for (const entry of presentation.entries) {
        if (entry.step !== step || entry.kind === 'phase') continue;
        const core = this.#cores[entry.core]!;
        if (entry.kind === 'learning') core.learning = entry.on;
        else if (entry.kind === 'product') core.products[entry.rule]![entry.index] = entry.product;
        else if (entry.kind === 'postImpulse')
          core.impulses[entry.group]![entry.trace] = { impulse: entry.impulse, fraction: entry.fraction };
        else throw new Error('the plain chip has no resets');
      }
      this.#step(spikes[step] ?? []);
    }
  }

  #step(injected: readonly number[]): void {
    this.#time++;
    for (const core of this.#cores) for (const group of core.groups) this.#updateGroup(core, group);
    this.#cores.forEach((core) => {
      for (const group of core.groups) {
        for (let i = 0; i < group.count; i++)
          if (group.fired[i] === 1) this.#send(core.image.routes, group.first + i);
      }
    });
    for (const element of injected) this.#inject(element);
    for (const core of this.#cores) for (const block of core.blocks) this.#accumulate(core, block);
    for (const core of this.#cores) {
      if (this.#time % core.image.epochSteps !== 0) continue;
      if (core.learning) this.#learn(core);
    }
  }

  #updateGroup(core: Core, group: Group): void {
    const { image, ring, size } = core;
    const slot = (this.#time % image.accumulators) * size;
    const keepU = 4096 - group.effectiveDecayU;
    const keepV = 4096 - group.effectiveDecayV;
    const noiseKey = deriveKey(group.noiseKey, this.#time);
    const children = group.children.map((child) => core.groups[child]!.v);
    for (let i = 0; i < group.count; i++) {
      const at = slot + group.first + i;
      let noise = 0;
      if (group.noise) {
        const r =
          (((word(noiseKey, group.element + i) & 0xffff) * 255) >>> 16) -
          127 +
          64 * image.noise.mantissaOffset;
        noise = Math.trunc(r * 2 ** (image.noise.exponent - 7));
      }
      const atDendrite = image.noise.target === 'dendrite';
      const u = wrap(decay(group.u[i]!, keepU) + wrap((ring[at]! << 6) + (atDendrite ? noise : 0), 21), 23);
      ring[at] = 0;
      let t = wrap(u + group.bias + (atDendrite ? 0 : noise), 23);
      if (children.length > 0) t = wrap(t + children.reduce((sum, pushed) => sum + pushed[i]!, 0), 23);
      const v = Math.min(Math.max(decay(group.v[i]!, keepV) + t, image.vMin), image.vMax);
      const fires = v > group.threshold;
      group.u[i] = u;
      group.v[i] = fires ? 0 : v;
      group.fired[i] = fires ? 1 : 0;
      if (fires && core.learning && group.postSpikes === 'self')
        core.ty[group.first + i] = this.#epochStep(core);
    }
  }

  #epochStep(core: Core): number {
    return ((this.#time - 1) % core.image.epochSteps) + 1;
  }

  #send(routes: RouteTable, source: number): void {
    for (let i = routes.start[source]!; i < routes.start[source + 1]!; i++) {
      const core = this.#cores[routes.core[i]!]!;
      const axon = routes.axon[i]!;
      const { rows, profile } = core.image.axons[axon]!;
      for (let k = 0; k < rows.length; k += 2) core.blocks[rows[k]!]!.queue.push(rows[k + 1]!);
      if (profile >= 0 && core.learning) core.tx[axon] = this.#epochStep(core);
    }
  }

  #inject(element: number): void {
    this.#send(this.#image.portRoutes, element);
    for (const { from, cores } of this.#image.rewards) {
      if (from.kind === 'port' && from.element === element) for (const c of cores) this.#cores[c]!.rewards++;
    }
  }

  #accumulate(core: Core, block: Block): void {
    const { image, ring, size } = core;
    const slot = ((this.#time + 1 + block.delay) % image.accumulators) * size;
    const base = slot + core.groups[block.group]!.first + block.firstTarget;
    for (const row of block.queue) {
      if (block.targets !== null) ring[base + block.targets[row]!]! += block.units[row]!;
      else for (let c = 0; c < block.columns; c++) ring[base + c]! += block.units[row * block.columns + c]!;
    }
    block.queue.length = 0;
  }

  #learn(core: Core): void {
    for (const [g, group] of core.groups.entries()) {
      if (group.postTraces !== null) this.#rebuildTraces(core, group, core.impulses[g]!);
    }
    const reward = core.image.reward === null ? 0 : core.rewards * core.image.reward.impulse;
    // What any sensible program leaves out: products whose post traces are empty or whose post did not spike.
    const alive = [core.ty, ...core.y].map((values) => values.some((value) => value !== 0));
    const canAct = ({ gate, factors }: ProductImage): boolean =>
      (gate !== 'y0' || alive[0]!) &&
      factors.every(({ variable }) => !variable.startsWith('y') || alive[Number(variable[1])]!);
    const acting = core.products.map((products) => products.filter(canAct));
    for (const [a, axon] of core.image.axons.entries()) {
      const x0 = core.tx[a] !== 0;
      for (let k = 0; k < axon.rows.length; k += 2) {
        const block = core.blocks[axon.rows[k]!]!;
        if (block.rule < 0) continue;
        const products = acting[block.rule]!.filter(
          ({ gate, factors }) => x0 || (gate !== 'x0' && !factors.some(({ variable }) => variable === 'x0')),
        );
        if (products.length > 0) this.#learnRow(core, block, axon.rows[k + 1]!, products, x0, reward);
      }
    }
    core.tx.fill(0);
    core.ty.fill(0);
    core.rewards = 0;
  }

  #rebuildTraces(core: Core, group: Group, impulses: readonly { impulse: number; fraction: number }[]): void {
    const steps = core.image.epochSteps;
    group.postTraces!.forEach((trace: TraceImage, i) => {
      const { impulse, fraction } = impulses[i]!;
      for (let c = 0; c < group.count; c++) {
        const at = group.first + c;
        let y = core.y[i]![at]!;
        const spike = core.ty[at]!;
        if (y === 0 && spike === 0) continue;
        const key = deriveKey(group.traceKey, group.element + c);
        for (let q = 1; q <= steps; q++) {
          const stepKey = deriveKey(key, this.#time - steps + q);
          if (y !== 0) {
            const product = y * trace.keep;
            y =
              Math.floor(product / 2 ** 24) + ((word(stepKey, 2 * i) & 0xffffff) < product % 2 ** 24 ? 1 : 0);
          }
          if (q === spike)
            y = Math.min(127, y + impulse + (word(stepKey, 2 * i + 1) >>> 25 < fraction ? 1 : 0));
        }
        core.y[i]![at] = y;
      }
    });
  }

  #learnRow(
    core: Core,
    block: Block,
    row: number,
    products: readonly ProductImage[],
    x0: boolean,
    reward: number,
  ): void {
    const group = core.groups[block.group]!;
    const grid = 2 ** block.dropped;
    const least = -(2 ** (block.bits - 1)) * grid;
    const most = -least - grid;
    const rowKey = deriveKey(
      deriveKey(
        deriveKey(streamKey(this.#image.seed, 'rule', block.projection), this.#time),
        block.rowElements[row]!,
      ),
      0,
    );
    for (let c = 0; c < block.columns; c++) {
      const at = row * block.columns + c;
      const post = group.first + block.firstTarget + c;
      const before = block.weights![at]!;
      let sum = before << 7;
      for (const product of products)
        sum = Math.min(Math.max(sum + this.#product(core, product, post, x0, reward, before), -32768), 32767);
      if (sum === before << 7) continue;
      const column = block.columnElement + c;
      const random = word(rowKey, column >> 1);
      const bits = column & 1 ? random >>> 16 : random & 0xffff;
      const shift = 7 + block.dropped;
      const size = Math.abs(sum);
      const steps = (size >> shift) + (bits >> (16 - shift) < (size & ((1 << shift) - 1)) ? 1 : 0);
      const after = Math.min(Math.max((sum < 0 ? -steps : steps) * grid, least), most);
      block.weights![at] = after;
      block.units[at] = Math.floor(after * 2 ** block.exponent);
    }
  }

  #product(
    core: Core,
    { gate, mantissa, down, up, factors }: ProductImage,
    post: number,
    x0: boolean,
    reward: number,
    w: number,
  ): number {
    if ((gate === 'x0' && !x0) || (gate === 'y0' && core.ty[post] === 0)) return 0;
    let p = mantissa;
    for (const { variable } of factors) {
      if (variable === 'x0') p *= x0 ? 1 : 0;
      else if (variable === 'y1' || variable === 'y2' || variable === 'y3')
        p *= core.y[Number(variable[1]) - 1]![post]!;
      else if (variable === 'r1') p *= reward;
      else if (variable === 'w') p *= w;
      else throw new Error(`the plain chip has no factor ${variable}`);
    }
    return Math.min(Math.max((p >> down) << up, -32768), 32767);
  }
}
