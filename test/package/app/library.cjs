// As a library of components that was built for `require` brings its copy of the package.
const { createElement } = require('react');
const { useFlagEnabled } = require('react-appconfig');

exports.DarkMode = () => createElement('p', null, String(useFlagEnabled('dark-mode')));
