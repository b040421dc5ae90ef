export {
  AppConfigDevtools,
  appConfigDevtoolsPlugin,
  type AppConfigDevtoolsPlugin,
  type AppConfigDevtoolsProps,
} from './AppConfigDevtools.tsx';
