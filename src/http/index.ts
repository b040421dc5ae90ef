export { createHttpServer } from './createHttpServer.ts';
