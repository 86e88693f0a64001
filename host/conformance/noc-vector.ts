// A recorded run of a mesh as it is written: the schema `seamount-noc/1`.

import * as z from 'zod';
import { MeshGrid as Grid, type MeshGrid } from '../mesh/mesh-grid.ts';
import { type MeshOptions, meshOptions, requireMesh } from '../mesh/mesh-options.ts';
import { ConformanceError } from './conformance-error.ts';

export const NOC_SCHEMA = 'seamount-noc/1';

const integer = z.int();
const natural = z.int().min(0);
const word = z.int().min(0).max(0xffff_ffff);
const one = z.literal(1);

/** How each topology numbers its nodes. */
const NUMBERING = { mesh: 'y*width+x', 'concentrated-mesh': '(x*height+y)*nodesPerRouter+local' } as const;

const networkSchema = z
  .strictObject({
    topology: z.enum(['mesh', 'concentrated-mesh']),
    width: integer,
    height: integer,
    nodesPerRouter: integer,
    nodeNumbering: z.enum(Object.values(NUMBERING)),
    routing: z.literal('xy'),
    virtualChannels: one,
    fabrics: integer,
    bufferFlits: integer,
    routingDelay: integer,
    allocDelay: one,
    switchAllocDelay: one,
    switchDelay: one,
    linkDelay: integer,
    localLinkDelay: one,
    creditDelay: integer,
    speculative: z.boolean(),
    releaseOnTailCredit: z.boolean(),
  })
  .refine(({ topology, nodeNumbering }) => NUMBERING[topology] === nodeNumbering, {
    message: 'is not that of the topology',
    path: ['nodeNumbering'],
  });

const patternSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['uniform', 'complement', 'transpose', 'tornado']) }),
  z.strictObject({
    kind: z.literal('hotspot'),
    nodes: z.array(natural).min(1),
    fraction256: natural.max(256),
  }),
]);

const common = {
  schema: z.literal(NOC_SCHEMA),
  name: z.string(),
  network: networkSchema,
};

const flits = z.int().min(1);

const zeroLoadSchema = z.object({
  ...common,
  kind: z.literal('zero-load'),
  hops: z.record(z.string().regex(/^\d+$/), natural),
  latencies: z.array(z.tuple([natural, natural, flits, natural])),
});

const traceSchema = z.object({
  ...common,
  kind: z.literal('trace'),
  packets: z.array(z.tuple([natural, natural, natural, flits, natural])),
  arrivals: z.array(z.tuple([natural, natural, natural])),
  grants: z.array(z.tuple([natural, natural, natural, natural, natural, natural])).optional(),
});

const sweepPointSchema = z.object({
  threshold: z
    .int()
    .min(0)
    .max(2 ** 32),
  packets: natural,
  flits: natural,
  flitHops: natural,
  latencySum: natural,
  latencyMin: natural.nullable(),
  latencyMax: natural.nullable(),
  networkLatencySum: natural,
  lastArrival: natural.nullable(),
  arrivedByEnd: natural,
  arrivalCrc32: word,
});

const sweepSchema = z.object({
  ...common,
  kind: z.literal('sweep'),
  traffic: z.strictObject({
    cycles: natural,
    seed: word,
    pattern: patternSchema,
    sizes: z.array(flits).min(1),
  }),
  points: z.array(sweepPointSchema),
});

const curveSchema = z.object({
  ...common,
  kind: z.literal('curve'),
  traffic: z.strictObject({
    pattern: patternSchema,
    size: flits,
    process: z.literal('bernoulli'),
    fabricChoice: z.enum(['single', 'random']),
  }),
  warmupCycles: natural,
  measuredCycles: natural,
  saturation: z.tuple([z.number(), z.number()]),
  runFields: z.array(z.string()),
  points: z.array(
    z.object({
      packetRate: z.number().min(0).max(1),
      offered: z.number().min(0),
      stable: z.boolean(),
      runs: z.array(z.array(z.number().nullable())).min(1),
    }),
  ),
});

const nocSchema = z.discriminatedUnion('kind', [zeroLoadSchema, traceSchema, sweepSchema, curveSchema]);

export type NocVector = z.infer<typeof nocSchema>;
export type NocPattern = z.infer<typeof patternSchema>;
export type NocZeroLoad = z.infer<typeof zeroLoadSchema>;
export type NocTrace = z.infer<typeof traceSchema>;
export type NocSweep = z.infer<typeof sweepSchema>;
export type NocCurve = z.infer<typeof curveSchema>;

/** Checks the form of a recorded run. */
export function parseNoc(value: unknown): NocVector {
  const result = nocSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.join('.');
  throw new ConformanceError(`is malformed: ${path === '' ? '' : `${path}: `}${issue.message}`);
}

/** The mesh of a recorded run. */
export function meshOf({ network }: NocVector): MeshOptions {
  const { topology, width, height, nodesPerRouter, fabrics, bufferFlits, routingDelay, creditDelay } =
    network;
  const link = { delay: network.linkDelay, period: 1 };
  const options = meshOptions({
    topology,
    width,
    height,
    nodesPerRouter,
    fabrics,
    bufferFlits,
    routingDelay,
    creditDelay,
    speculative: network.speculative,
    releaseOnTailCredit: network.releaseOnTailCredit,
    linkX: link,
    linkY: link,
  });
  requireMesh(options);
  return options;
}

/** The numbering of its nodes; `requireNode` says which ones there are not. */
export function gridOf(vector: NocVector): MeshGrid {
  return new Grid(meshOf(vector));
}

/** @throws ConformanceError if a mesh has no such node */
export function requireNode(grid: MeshGrid, where: string, node: number): void {
  if (node >= grid.nodes)
    throw new ConformanceError(`is malformed: ${where} is node ${node} of ${grid.nodes}`);
}
