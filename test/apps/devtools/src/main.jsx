import { TanStackDevtools } from '@tanstack/react-devtools';
import { useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { AppConfigProvider, useFlagEnabled } from 'react-appconfig';
import { AppConfigDevtools, appConfigDevtoolsPlugin } from 'react-appconfig/devtools';
import { browserOverrides } from 'react-appconfig/overrides';
import { memorySource } from 'react-appconfig/sources';

const source = memorySource({
  flags: { 'dark-mode': { enabled: false }, 'winter-sale': { enabled: false } },
});
const overrides = browserOverrides();

function Flag({ name }) {
  const isOn = useFlagEnabled(name);
  const renders = useRef(null);
  useEffect(() => {
    renders.current.textContent = Number(renders.current.textContent) + 1;
  });
  return (
    <p>
      {name} is {isOn ? 'on' : 'off'}, rendered <span ref={renders} />
    </p>
  );
}

createRoot(document.getElementById('root')).render(
  <AppConfigProvider
    application="shop"
    environment="test"
    flags="flags"
    source={source}
    overrides={overrides}
  >
    <Flag name="dark-mode" />
    <Flag name="winter-sale" />
    <AppConfigDevtools />
    <TanStackDevtools
      plugins={[appConfigDevtoolsPlugin({ defaultOpen: true })]}
      config={{ defaultOpen: true }}
    />
  </AppConfigProvider>,
);
