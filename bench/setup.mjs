/**
 * Lets plain Node run the benchmark's TypeScript (`node --import ./bench/setup.mjs bench/main.ts`). What it uses of
 * Annal itself comes from the build, so that the code measured and the code that prepares are the same.
 */
import { registerHooks } from 'node:module';
import '../test/setup/typescript.mjs';

registerHooks({
  resolve(specifier, context, next) {
    const [, library] = /^@annal\/([a-z]+)$/.exec(specifier) ?? [];
    if (library === undefined) return next(specifier, context);
    return next(new URL(`../dist/libs/${library}/src/index.js`, import.meta.url).href, context);
  },
});
