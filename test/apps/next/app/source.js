import { appConfigDataSource } from 'react-appconfig/appconfigdata';

export const makeSource = (endpoint) =>
  appConfigDataSource(
    {
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    },
    // The server and the page reach the same service under two addresses.
    { name: 'appconfigdata' },
  );
