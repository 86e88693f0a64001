// Use of one resource of a core against its limit, and how it is said. [HW 1.2]

export type Resource =
  | 'compartments'
  | 'synapseMemory'
  | 'inputAxons'
  | 'outputAxons'
  | 'dendriticAccumulators'
  | 'compartmentProfiles'
  | 'thresholdProfiles'
  | 'synapseFormats'
  | 'preTraceProfiles'
  | 'programInstructions'
  | 'neuronMemory';

export interface ResourceUse {
  readonly resource: Resource;
  readonly used: number;
  readonly limit: number;
  /** How the use comes about, where it is not a plain count. */
  readonly because?: string;
}

/** `131.5 KiB`, or bytes where a KiB would round the point away. */
function showBytes(bytes: number): string {
  return bytes > 0 && bytes < 1024 ? `${bytes} B` : `${+(bytes / 1024).toFixed(1)} KiB`;
}

/** Words for people: the resource, its unit, and a scale for display. */
const LABELS: Record<Resource, { readonly name: string; readonly show: (used: number) => string }> = {
  compartments: { name: 'compartments', show: (n) => `${n}` },
  synapseMemory: { name: 'synapse memory', show: (words) => showBytes(8 * words) },
  inputAxons: { name: 'input axon entries', show: (n) => `${n}` },
  outputAxons: { name: 'output axon slots', show: (n) => `${n}` },
  dendriticAccumulators: { name: 'dendritic accumulators', show: (n) => `${n}` },
  compartmentProfiles: { name: 'compartment profiles', show: (n) => `${n}` },
  thresholdProfiles: { name: 'threshold profiles', show: (n) => `${n}` },
  synapseFormats: { name: 'synapse formats', show: (n) => `${n}` },
  programInstructions: { name: 'program instructions', show: (n) => `${n}` },
  neuronMemory: { name: 'neuron memory', show: showBytes },
  preTraceProfiles: { name: 'pre-trace profiles', show: (n) => `${n}` },
};

/** Name of a resource for people. */
export function resourceName(resource: Resource): string {
  return LABELS[resource].name;
}

/** `131 072 words` as `1024 KiB` and so on. */
export function showAmount(resource: Resource, amount: number): string {
  return LABELS[resource].show(amount);
}

/** `synapse memory 141 KiB exceeds 128 KiB`. */
export function excess({ resource, used, limit, because }: ResourceUse): string {
  const why = because === undefined ? '' : ` (${because})`;
  return `${resourceName(resource)} ${showAmount(resource, used)} exceeds ${showAmount(resource, limit)}${why}`;
}

/** The resource that is exceeded by the largest factor, or undefined if all fit. */
export function worstExcess(use: readonly ResourceUse[]): ResourceUse | undefined {
  let worst: ResourceUse | undefined;
  for (const item of use) {
    if (item.used <= item.limit) continue;
    if (worst === undefined || item.used / item.limit > worst.used / worst.limit) worst = item;
  }
  return worst;
}
