// The core's only exports: one function that runs a presentation, and the numbers the host needs to lay out
// memory (record layouts) and to read results (counter places).

export * from './counters';
export * from './layout';
export { present } from './step';
