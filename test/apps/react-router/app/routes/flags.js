import { createHandler } from '../appConfig.server.js';

const answerFlags = createHandler({ basePath: '/flags', acceptContext: ['plan'] });

export const loader = ({ request }) => answerFlags(request);
/** Methods other than GET go to the handler, too, which refuses them. */
export const action = loader;
