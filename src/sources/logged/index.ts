export { loggedSource, type Logger } from './loggedSource.ts';
