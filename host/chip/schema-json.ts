// The JSON Schema of chip files, for editors: it completes keys, shows what they mean and marks a missing or wrong
// unit while one types. Made from the schema of the program, so the two cannot differ.

import * as z from 'zod';
import { QUANTITY_FIELDS } from './field.ts';
import { quantityPattern } from './quantity.ts';
import { chipSchema, OWN_KEYS } from './schema.ts';
import { PROVENANCE_CLASSES } from './source-comment.ts';
import { spellings, type Unit } from './units.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

function definitionName(unit: Unit): string {
  return `quantity-${unit.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`;
}

/** Either form in which a person can write a quantity with this unit. */
function quantityDefinition(unit: Unit): JsonSchema {
  const number: JsonSchema = { type: 'number' };
  return {
    anyOf: [
      { type: 'string', pattern: quantityPattern(unit) },
      {
        type: 'object',
        properties: {
          value: { anyOf: [number, { type: 'array', items: number, minItems: 1 }] },
          unit: { enum: spellings(unit) },
          source: { type: 'string', minLength: 1 },
          low: number,
          high: number,
          class: { enum: [...PROVENANCE_CLASSES] },
        },
        required: ['value', 'unit'],
        additionalProperties: false,
      },
    ],
  };
}

/** The schema of a chip file as an object. Nothing but a file's own keys is required, since a file may extend another. */
export function chipJsonSchema(): JsonSchema {
  const units = new Set<Unit>();
  const schema = z.toJSONSchema(chipSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      // Read-only is a promise to the program; an editor would take it for a key that must not be written.
      delete jsonSchema.readOnly;
      delete jsonSchema.required;
      const field = QUANTITY_FIELDS.get(zodSchema);
      if (field === undefined) return;
      units.add(field.unit);
      const { description } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      if (description !== undefined) jsonSchema.description = description;
      jsonSchema.allOf = [{ $ref: `#/definitions/${definitionName(field.unit)}` }];
    },
  }) as JsonSchema;
  const definitions = Object.fromEntries(
    [...units].sort().map((unit) => [definitionName(unit), quantityDefinition(unit)]),
  );
  const required = OWN_KEYS.filter((key) => key !== 'extends');
  return { ...schema, title: 'Chip of the Seamount emulator', required, definitions };
}

/** The text of `chip-config/schema.json`. */
export function chipJsonSchemaText(): string {
  return `${JSON.stringify(chipJsonSchema(), null, 2)}\n`;
}
