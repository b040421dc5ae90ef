import { createHandler } from '../../deployments/appConfig.js';

export const GET = createHandler({ basePath: '/short' });
