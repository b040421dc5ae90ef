import { createHandler } from '../../appConfig.js';

export const GET = createHandler({ basePath: '/flags', acceptContext: ['plan'] });
