/** A flag as people write it, on, off or with attributes, as the service delivers it. */
export function toFlag<Flag>(written: boolean | Flag): Flag | { readonly enabled: boolean } {
  return typeof written === 'boolean' ? { enabled: written } : written;
}
