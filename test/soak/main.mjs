/** `npm run soak`: kills Annal's processes at random for as long as wanted, while clients use it. */
import { expect } from 'expect';
import setup from '../setup/setup.mjs';
import teardown from '../setup/teardown.mjs';
import { parseOptions, USAGE } from './options.ts';

const options = parseOptions(process.argv.slice(2));
if (options === 'help') console.log(USAGE);
else process.exitCode = await run(options);

/** @param {import('./options.ts').SoakOptions} options */
async function run({ kafka, outgoing, ...options }) {
  // what tests share finds there what jest and its configuration would have put
  Object.assign(globalThis, { expect, ...(kafka && { ANNAL_TEST_LOG: 'kafka' }) });
  await setup();
  try {
    if (outgoing) {
      const { soakOutgoing } = await import('./outgoing.ts');
      return await soakOutgoing(options, console.log);
    }
    const { soak } = await import('./soak.ts');
    return await soak(options, console.log);
  } finally {
    await teardown();
  }
}
