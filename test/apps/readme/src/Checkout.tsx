import { useFlagValue } from 'react-appconfig';

/** What the README's test is about. */
export const Checkout = () => <p>Up to {useFlagValue('new-checkout', 'maxItems', 10)} items</p>;
