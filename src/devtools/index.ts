export {
  AppConfigDevtools,
  appConfigDevtools,
  type AppConfigDevtoolsPlugin,
  type AppConfigDevtoolsProps,
} from './AppConfigDevtools.tsx';
