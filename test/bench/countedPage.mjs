// What `instructions.mjs` counts, in a process of its own: an app of one contender that is made, and perhaps mounted, gone
// and mounted again.   node countedPage.mjs bundle contender components flags steps
import { installFakeDom } from './fakeDom.mjs';

const [bundle = '', name = '', components = '', flags = '', steps = ''] = process.argv.slice(2);
const { createContainer } = installFakeDom();
/** @type {{ prepare: (name: string, components: number, flags: number) => Promise<{ mount: (container: unknown) => void, unmount: () => void }> }} */
const { prepare } = await import(bundle);
const app = await prepare(name, Number(components), Number(flags));
const container = createContainer();
for (const step of steps.split(',')) {
  if (step === 'mount') {
    app.mount(container);
    const shown = container.textContent.replaceAll('off', '').length / 2;
    if (shown !== Number(components) / 2)
      throw new Error(`${name} shows ${shown} flags that are on.`);
  }
  if (step === 'unmount') app.unmount();
}
process.exit(0);
