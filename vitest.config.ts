import { defineConfig } from 'vitest/config'

// Sources of sibling packages resolve by this condition, so nothing has to be
// built before a test runs.
const conditions = ['@keyward/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'test/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      // Proofs that take too long for each run; a part of each stays in it.
      ...(process.env.KEYWARD_SOAK === '1' ? [] : ['**/*.soak.test.ts']),
    ],
    testTimeout: process.env.KEYWARD_SOAK === '1' ? 600_000 : 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    retry: 0,
    // The SDK's advice about future versions of Node is no news here.
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Seconds for each synthesis; compliance.test.ts has the CDK validate.
      CDK_VALIDATION: 'false',
    },
  },
})
