// The core's only exports: one function that runs a presentation, the mesh, which also runs alone, and the numbers the
// host needs to lay out memory (record layouts) and to read results (counter places).

export * from './counters';
export * from './cycle-layout';
export * from './layout';
export { meshAdvance, meshConsume, meshNextEvent, meshOffer, meshReset } from './mesh';
export * from './mesh-layout';
export * from './shard-layout';
export { present } from './step';
