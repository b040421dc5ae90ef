export { memorySource, type MemorySource, type MemorySourceOptions } from './memorySource.ts';
