// The mesh by its rules, cycle by cycle: every source, input and output is looked at in every cycle. It is a second mesh beside
// the core's, and shares no number of it.

/** A link between routers, or between a router and its nodes, in cycles. */
interface Link {
  readonly delay: number;
  readonly period: number;
}

export interface MeshModelOptions {
  readonly topology: 'mesh' | 'concentrated-mesh';
  readonly width: number;
  readonly height: number;
  readonly nodesPerRouter: number;
  readonly fabrics: number;
  readonly bufferFlits: number;
  readonly routingDelay: number;
  readonly creditDelay: number;
  readonly speculative: boolean;
  readonly releaseOnTailCredit: boolean;
  readonly linkX: Link;
  readonly linkY: Link;
  readonly linkLocal: Link;
  readonly chips: { readonly width: number; readonly height: number; readonly link: Link } | null;
  readonly sinks: 'ideal' | 'stalling';
  readonly sinkFlits: number;
}

interface Packet {
  readonly tag: number;
  readonly destination: number;
  readonly fabric: number;
  readonly flits: number;
  readonly created: number;
  injected: number;
  head: number;
  tail: number;
}

interface Flit {
  readonly packet: Packet;
  readonly number: number;
}

export interface MeshModelGrant {
  readonly cycle: number;
  readonly router: number;
  readonly fabric: number;
  readonly input: number;
  readonly output: number;
  readonly tag: number;
  readonly flit: number;
}

/** What sends into a link: an output of a router, or a source. */
class Sender {
  owner: Input | 'tail' | null = null;
  pointer = 0;
  credits: number;
  /** First cycle in which it can take the next flit. */
  free = 0;
  flits = 0;
  blockedCycles = 0;
  readonly capacity: number;
  readonly link: Link;

  constructor(capacity: number, link: Link) {
    this.capacity = capacity;
    this.credits = capacity;
    this.link = link;
  }
}

/** An input of a router with its buffer. */
class Input {
  readonly buffer: Flit[] = [];
  state: 'idle' | 'waiting' | 'open' = 'idle';
  /** First cycle in which the front flit can ask for an output, or be sent. */
  ready = 0;
  bufferedMax = 0;
  /** Who sends into it, and whether that is a source. */
  readonly from: Sender;
  readonly fromSource: boolean;

  constructor(from: Sender, fromSource: boolean) {
    this.from = from;
    this.fromSource = fromSource;
  }
}

interface Router {
  readonly index: number;
  readonly fabric: number;
  readonly x: number;
  readonly y: number;
  readonly outputs: (Sender | null)[];
  readonly inputs: (Input | null)[];
  /** What is at the other end of each output. */
  readonly ends: (Input | 'sink' | null)[];
  bufferedMax: number;
}

type Due = () => void;

const STEPS: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

export class MeshModel {
  readonly options: MeshModelOptions;
  /** The first cycle that has not been run. */
  time = 0;
  readonly grants: MeshModelGrant[] = [];
  /** Packets that have arrived, in the order of arrival. */
  readonly arrivals: Packet[] = [];
  flitHops = 0;
  readonly #routers: Router[][] = [];
  /** [fabric][node] */
  readonly #sources: Sender[][] = [];
  /** [node] */
  readonly #queues: { packet: Packet; sent: number }[][];
  readonly #queuedMax: number[];
  readonly #due = new Map<number, Due[]>();
  /** Flits, credits and packets that are somewhere. */
  #moving = 0;

  constructor(options: MeshModelOptions) {
    this.options = options;
    const { width, height, nodesPerRouter, fabrics } = options;
    const nodes = width * height * nodesPerRouter;
    this.#queues = Array.from({ length: nodes }, () => []);
    this.#queuedMax = this.#queues.map(() => 0);
    for (let fabric = 0; fabric < fabrics; fabric++) this.#build(fabric);
  }

  #build(fabric: number): void {
    const { width, height, nodesPerRouter, bufferFlits, sinkFlits, linkLocal } = this.options;
    const count = width * height;
    const sources = Array.from({ length: count * nodesPerRouter }, () => new Sender(bufferFlits, linkLocal));
    const routers: Router[] = Array.from({ length: count }, (_, index) => {
      const [x, y] = this.#place(index);
      return { index, fabric, x, y, outputs: [], inputs: [], ends: [], bufferedMax: 0 };
    });
    for (const router of routers) {
      for (const [dx, dy] of STEPS) {
        const port = this.#port(dx, dy);
        router.outputs[port] = this.#isInside(router.x + dx, router.y + dy)
          ? new Sender(bufferFlits, this.#link(router.x, router.y, dx, dy))
          : null;
      }
      for (let local = 0; local < nodesPerRouter; local++)
        router.outputs[this.#localPort(local)] = new Sender(sinkFlits, linkLocal);
    }
    for (const router of routers) {
      for (const [dx, dy] of STEPS) {
        const port = this.#port(dx, dy);
        router.inputs[port] = null;
        if (!this.#isInside(router.x + dx, router.y + dy)) continue;
        const neighbour = routers[this.#index(router.x + dx, router.y + dy)]!;
        router.inputs[port] = new Input(neighbour.outputs[this.#port(-dx, -dy)]!, false);
      }
      for (let local = 0; local < nodesPerRouter; local++) {
        const source = sources[router.index * nodesPerRouter + local]!;
        router.inputs[this.#localPort(local)] = new Input(source, true);
      }
    }
    for (const router of routers) {
      for (const [dx, dy] of STEPS) {
        const inside = this.#isInside(router.x + dx, router.y + dy);
        router.ends[this.#port(dx, dy)] = inside
          ? routers[this.#index(router.x + dx, router.y + dy)]!.inputs[this.#port(-dx, -dy)]!
          : null;
      }
      for (let local = 0; local < nodesPerRouter; local++) router.ends[this.#localPort(local)] = 'sink';
    }
    this.#routers.push(routers);
    this.#sources.push(sources);
  }

  #index(x: number, y: number): number {
    const { topology, width, height } = this.options;
    return topology === 'mesh' ? y * width + x : x * height + y;
  }

  #place(index: number): [number, number] {
    const { topology, width, height } = this.options;
    return topology === 'mesh'
      ? [index % width, Math.floor(index / width)]
      : [Math.floor(index / height), index % height];
  }

  #isInside(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.options.width && y < this.options.height;
  }

  #port(dx: number, dy: number): number {
    const direction = STEPS.findIndex(([x, y]) => x === dx && y === dy);
    return this.options.topology === 'mesh' ? direction : this.options.nodesPerRouter + direction;
  }

  #localPort(local: number): number {
    return this.options.topology === 'mesh' ? 4 + local : local;
  }

  #link(x: number, y: number, dx: number, dy: number): Link {
    const { chips, linkX, linkY } = this.options;
    if (chips !== null) {
      const chipOf = (atX: number, atY: number): string =>
        `${Math.floor(atX / chips.width)},${Math.floor(atY / chips.height)}`;
      if (chipOf(x, y) !== chipOf(x + dx, y + dy)) return chips.link;
    }
    return dx === 0 ? linkY : linkX;
  }

  #at(cycle: number, action: Due): void {
    const actions = this.#due.get(cycle);
    if (actions === undefined) this.#due.set(cycle, [action]);
    else actions.push(action);
    this.#moving++;
  }

  /** True while anything moves or waits. */
  get busy(): boolean {
    return (
      this.#moving > 0 ||
      this.#queues.some((queue) => queue.length > 0) ||
      this.#routers
        .flat()
        .some(({ inputs }) => inputs.some((input) => input !== null && input.buffer.length > 0))
    );
  }

  /** A packet enters the source queue of a node, in the cycle that runs next. */
  offer(node: number, fabric: number, destination: number, flits: number, tag: number): void {
    const packet = { tag, destination, fabric, flits, created: this.time, injected: -1, head: -1, tail: -1 };
    const queue = this.#queues[node]!;
    queue.push({ packet, sent: 0 });
    this.#queuedMax[node] = Math.max(this.#queuedMax[node]!, queue.length);
  }

  /** A packet at a stalling sink is consumed in a cycle: the last one that was run, or the one that runs next. */
  consume(node: number, fabric: number, cycle: number): void {
    const router = this.#routers[fabric]![Math.floor(node / this.options.nodesPerRouter)]!;
    const sink = router.outputs[this.#localPort(node % this.options.nodesPerRouter)]!;
    this.#returnSinkCredit(sink, cycle);
  }

  /** Runs one cycle. */
  cycle(): void {
    const time = this.time;
    const due = this.#due.get(time) ?? [];
    this.#due.delete(time);
    this.#moving -= due.length;
    for (const action of due) action();
    for (const router of this.#routers.flat()) {
      const buffered = router.inputs.reduce((sum, input) => sum + (input?.buffer.length ?? 0), 0);
      router.bufferedMax = Math.max(router.bufferedMax, buffered);
    }
    this.#queues.forEach((_, node) => {
      for (let fabric = 0; fabric < this.options.fabrics; fabric++) this.#inject(node, fabric);
    });
    for (const router of this.#routers.flat()) {
      const opened = this.#allocate(router);
      this.#switch(router, opened);
    }
    this.time++;
  }

  #inject(node: number, fabric: number): void {
    const queue = this.#queues[node]!;
    const front = queue[0];
    if (front === undefined || front.packet.fabric !== fabric) return;
    const source = this.#sources[fabric]![node]!;
    if (source.owner !== null || this.time < source.free) return;
    if (source.credits === 0) {
      source.blockedCycles++;
      return;
    }
    const { packet } = front;
    if (front.sent === 0) packet.injected = this.time;
    const flit = { packet, number: front.sent++ };
    const router = this.#routers[fabric]![Math.floor(node / this.options.nodesPerRouter)]!;
    const input = router.inputs[this.#localPort(node % this.options.nodesPerRouter)]!;
    this.#take(source);
    this.#at(this.time + 1 + source.link.delay, () => this.#receive(input, flit));
    if (front.sent < packet.flits) return;
    queue.shift();
    if (this.options.releaseOnTailCredit) source.owner = 'tail';
  }

  #take(sender: Sender): void {
    sender.credits--;
    sender.flits++;
    sender.free = this.time + sender.link.period;
  }

  #credit(sender: Sender): void {
    sender.credits++;
    if (sender.owner === 'tail' && sender.credits === sender.capacity) sender.owner = null;
  }

  #returnSinkCredit(sink: Sender, cycle: number): void {
    this.#at(cycle + 1 + sink.link.delay + this.options.creditDelay, () => this.#credit(sink));
  }

  #receive(input: Input, flit: Flit): void {
    input.buffer.push(flit);
    input.bufferedMax = Math.max(input.bufferedMax, input.buffer.length);
    if (input.state === 'idle') {
      input.state = 'waiting';
      input.ready = this.time + this.options.routingDelay;
    } else if (input.state === 'open' && input.buffer.length === 1) input.ready = this.time;
  }

  #receiveAtSink(sink: Sender, { packet, number }: Flit): void {
    if (number === 0) packet.head = this.time;
    const isLast = number + 1 === packet.flits;
    if (!isLast || this.options.sinks === 'ideal') this.#returnSinkCredit(sink, this.time);
    if (!isLast) return;
    packet.tail = this.time;
    this.arrivals.push(packet);
  }

  #route(router: Router, destination: number): number {
    const [x, y] = this.#place(Math.floor(destination / this.options.nodesPerRouter));
    if (x !== router.x) return this.#port(Math.sign(x - router.x), 0);
    if (y !== router.y) return this.#port(0, Math.sign(y - router.y));
    return this.#localPort(destination % this.options.nodesPerRouter);
  }

  /** Gives outputs without owner to waiting inputs; which inputs were opened. */
  #allocate(router: Router): Set<Input> {
    const opened = new Set<Input>();
    const ports = router.outputs.length;
    router.outputs.forEach((output, o) => {
      if (output === null || output.owner !== null) return;
      for (let i = 0; i < ports; i++) {
        const port = (output.pointer + i) % ports;
        const input = router.inputs[port]!;
        if (input?.state !== 'waiting' || input.ready > this.time) continue;
        if (this.#route(router, input.buffer[0]!.packet.destination) !== o) continue;
        output.owner = input;
        output.pointer = (port + 1) % ports;
        opened.add(input);
        break;
      }
    });
    for (const input of opened) {
      input.state = 'open';
      if (!this.options.speculative) input.ready = this.time + 1;
    }
    return opened;
  }

  #switch(router: Router, opened: ReadonlySet<Input>): void {
    router.outputs.forEach((output, o) => {
      if (output === null || output.owner === null || output.owner === 'tail') return;
      const input = output.owner;
      if (input.buffer.length === 0 || input.ready > this.time || this.time < output.free) return;
      if (opened.has(input) && !this.options.speculative) return;
      if (output.credits === 0) {
        output.blockedCycles++;
        return;
      }
      this.#grant(router, input, output, o);
    });
  }

  #grant(router: Router, input: Input, output: Sender, port: number): void {
    const flit = input.buffer.shift()!;
    const { packet, number } = flit;
    this.grants.push({
      cycle: this.time,
      router: router.index,
      fabric: router.fabric,
      input: router.inputs.indexOf(input),
      output: port,
      tag: packet.tag,
      flit: number,
    });
    const { from } = input;
    const creditDelay = input.fromSource ? 0 : this.options.creditDelay;
    this.#at(this.time + 1 + from.link.delay + creditDelay, () => this.#credit(from));
    this.#take(output);
    const arrival = this.time + 2 + output.link.delay;
    const end = router.ends[port]!;
    if (end === 'sink') this.#at(arrival, () => this.#receiveAtSink(output, flit));
    else {
      this.flitHops++;
      this.#at(arrival, () => this.#receive(end, flit));
    }
    input.ready = this.time + 1;
    if (number + 1 < packet.flits) return;
    output.owner = this.options.releaseOnTailCredit ? 'tail' : null;
    input.state = input.buffer.length === 0 ? 'idle' : 'waiting';
    input.ready += this.options.routingDelay;
  }

  /** Use of the link at an output port; undefined at the edge. */
  outputUse(router: number, port: number, fabric: number) {
    const place = this.#routers[fabric]![router]!;
    const output = place.outputs[port];
    if (output === null || output === undefined) return undefined;
    const end = place.ends[port];
    return {
      flits: output.flits,
      blockedCycles: output.blockedCycles,
      bufferedMax: end === 'sink' || end === null || end === undefined ? 0 : end.bufferedMax,
    };
  }

  /** Use of the link from a node to its router. */
  sourceUse(node: number, fabric: number) {
    const { flits, blockedCycles } = this.#sources[fabric]![node]!;
    const router = this.#routers[fabric]![Math.floor(node / this.options.nodesPerRouter)]!;
    const { bufferedMax } = router.inputs[this.#localPort(node % this.options.nodesPerRouter)]!;
    return { flits, blockedCycles, bufferedMax };
  }

  bufferedMax(router: number, fabric: number): number {
    return this.#routers[fabric]![router]!.bufferedMax;
  }

  queuedMax(node: number): number {
    return this.#queuedMax[node]!;
  }
}
