export { createHttpServer, readResponse, type HttpAnswer } from './createHttpServer.ts';
