import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { createAnswerFlags } from './answerFlags.js';

const app = express();
// Express strips the mount path, so the handler needs no basePath.
app.use('/flags', getRequestListener(createAnswerFlags()));

export const server = createServer(app);
