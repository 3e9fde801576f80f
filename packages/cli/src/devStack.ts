import { createRequire } from 'node:module'

/**
 * The stack that a local home creates when it has none: one key and both
 * signer functions, run from the very bundles that are deployed to AWS.
 */
export function devStack() {
  const { resolve } = createRequire(import.meta.url)
  const environment = { ETH_NETWORK: 'local' }
  return {
    name: 'keyward-dev',
    functions: ['eip1559-signer', 'legacy-signer'].map((suffix) => ({
      suffix,
      codePath: resolve(`@keyward/lambda/${suffix}.mjs`),
      environment,
    })),
  }
}
