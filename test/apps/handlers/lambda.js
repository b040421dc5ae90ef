import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { createAnswerFlags } from './answerFlags.js';

const answerFlags = createAnswerFlags('/flags');
const app = new Hono();
app.all('/flags/*', async (context) => {
  const underWay = [];
  const answer = await answerFlags(context.req.raw, {
    waitUntil: (promise) => underWay.push(promise),
  });
  // A function that has answered is frozen, and its polls with it.
  await Promise.all(underWay);
  return answer;
});

/** For a function URL: an event in, a response out. */
export const handler = handle(app);
