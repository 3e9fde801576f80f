import { defineConfig } from 'vitest/config'
import { groups } from './groups.mjs'

const group = groups[process.env.KEYWARD_MUTATION_GROUP ?? '']
const conditions = ['@keyward/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: group?.tests ?? [],
    // Modules are loaded once for each change, not for every file.
    isolate: false,
    setupFiles: ['test/support/restoreEnvironment.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
  },
})
