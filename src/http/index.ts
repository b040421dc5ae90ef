export { createHttpServer, type HttpServerOptions } from './createHttpServer.ts';
