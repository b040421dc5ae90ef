import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { createAnswerFlags } from './answerFlags.js';

const answerFlags = createAnswerFlags('/flags');
const app = new Hono();
app.all('/flags/*', (context) => answerFlags(context.req.raw));

export const server = createAdaptorServer(app);
