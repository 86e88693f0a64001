// Named sets of settings.

/**
 * The settings of the preset that `given` names, under those given. What is not an object, or names no
 * preset, is for the schema to refuse.
 */
export function withPreset(
  presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  given: unknown,
): unknown {
  if (typeof given !== 'object' || given === null || !('preset' in given)) return given;
  const name = Object.keys(presets).find((known) => known === given.preset);
  return name === undefined ? given : { ...presets[name], ...given };
}
