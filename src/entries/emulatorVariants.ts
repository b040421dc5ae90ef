export { multiVariantFlags } from '../emulator/variants/index.ts';
