// The core for a network on several threads: what the other builds export, and what runs a shard. Its memory is shared.

export * from './index';
export { nextOrder } from './meeting';
export { presentAlone, presentShard } from './shard';
