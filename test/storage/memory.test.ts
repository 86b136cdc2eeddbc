import { openMemory } from '../../src/storage/memory.ts';
import { storageContract } from './contract.ts';

storageContract('memory', () => ({ storage: openMemory(), close: () => undefined }));
