/** Also the name of the parameter and of the global. */
export const APP_CONFIG = 'appConfig';
/** Whether the flags of a story are known, on their way, or cannot be loaded. */
export const APP_CONFIG_STATE = 'appConfigState';
export const ADDON_ID = 'react-appconfig';
