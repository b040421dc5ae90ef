import { createHandler } from '../appConfig.server.js';

const answerFlags = createHandler({ basePath: '/flags', acceptContext: ['plan'] });

export const loader = ({ request }) => answerFlags(request);
/** What is no GET is refused by the handler, too. */
export const action = loader;
