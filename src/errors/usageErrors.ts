import { AppConfigError, WHERE_TO_LOOK, type AppConfigErrorOptions } from './appConfigError.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** A value given to this package is outside what AWS AppConfig or the package accepts. */
export class InvalidArgumentError extends AppConfigError<'InvalidArgument'> {
  override name = 'InvalidArgumentError';

  constructor(message: string | false, options?: AppConfigErrorOptions) {
    super('InvalidArgument', message, options);
  }
}

/** A hook or a component was used with no `<AppConfigProvider>` above it. */
export class MissingProviderError extends AppConfigError<'MissingProvider'> {
  override name = 'MissingProviderError';

  constructor(caller: string) {
    super(
      'MissingProvider',
      process.env.NODE_ENV === 'production'
        ? `MissingProvider ${caller}${WHERE_TO_LOOK}`
        : `${caller} found no <AppConfigProvider> above it. Wrap the app in one; give a story parameters.appConfig.`,
    );
  }
}

/** A flag's attribute is of another type than the default that the component gave. */
export class TypeMismatchError extends AppConfigError<'TypeMismatch'> {
  override name = 'TypeMismatchError';

  constructor(message: string | false, options?: AppConfigErrorOptions) {
    super('TypeMismatch', message, options);
  }
}
