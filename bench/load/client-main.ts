/** The load client: a process of its own, so that neither server shares one with it. */
import { perform } from './perform.js';
import { type Order } from './work.js';

process.on('message', (order: Order) => {
  perform(order).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
