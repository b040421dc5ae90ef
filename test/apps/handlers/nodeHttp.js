import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createAnswerFlags } from './answerFlags.js';

const listener = getRequestListener(createAnswerFlags('/flags'));

export const server = createServer((request, response) => {
  if (request.url.startsWith('/flags/')) void listener(request, response);
  else response.writeHead(404).end();
});
