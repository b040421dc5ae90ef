export {
  AppConfigDevtools,
  appConfigDevtools,
  type AppConfigDevtoolsPlugin,
  type AppConfigDevtoolsProps,
} from '../devtools/index.ts';
