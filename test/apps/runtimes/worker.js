import { readFlags } from './checks.js';

export default {
  fetch: async (_request, { ENDPOINT }) => Response.json(await readFlags(ENDPOINT)),
};
