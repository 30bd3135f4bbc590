/** `npm run viewer`: fetches the OHIF viewer and makes its files ready to be served, where that is not done yet. */
import { say } from './bootstrap/repository.mjs';
import { ensureViewer } from './viewer/ensure.mjs';

try {
  await ensureViewer();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
