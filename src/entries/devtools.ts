export {
  AppConfigDevtools,
  appConfigDevtoolsPlugin,
  type AppConfigDevtoolsPlugin,
  type AppConfigDevtoolsProps,
} from '../devtools/index.ts';
