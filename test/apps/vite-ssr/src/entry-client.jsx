import { QueryClient } from '@tanstack/react-query';
import { hydrateRoot } from 'react-dom/client';
import { App } from './App.jsx';

hydrateRoot(
  document.getElementById('root'),
  <App queryClient={new QueryClient()} {...globalThis.__INITIAL__} />,
);
