#!/usr/bin/env node
// The start of the command line: from the bundle, or from the modules that it is made of.

import { loadBundle } from './bundle.ts';

const { commandLine } = loadBundle() ?? (await import('./command-line.ts'));
await commandLine(process.argv);
