import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { AppConfigProvider } from 'react-appconfig';
import { memorySource } from 'react-appconfig/sources';
import { DarkMode } from './library.cjs';

const options = {
  application: 'shop',
  environment: 'production',
  source: memorySource({ flags: { 'dark-mode': { enabled: true } } }),
  flags: 'flags',
};
console.log(renderToString(createElement(AppConfigProvider, options, createElement(DarkMode))));
