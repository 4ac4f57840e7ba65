import { openMemory } from '../../storage/memory/engine.ts';
import { storageSuite } from './suite.ts';

storageSuite('memory', async (memory) => openMemory(memory));
