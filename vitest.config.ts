import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Sources of sibling packages resolve by this condition, so nothing has to be
// built before a test runs.
const conditions = ['@keyward/source']

const soak = process.env.KEYWARD_SOAK === '1'
const exclude = [
  '**/node_modules/**',
  '**/dist/**',
  // Proofs that take too long for each run; a part of each stays in it.
  ...(soak ? [] : ['**/*.soak.test.ts']),
]
/**
 * They look into their process's memory, change what Node or a module does in
 * it, keep a node's address in it (protocol-kit), or are functions, of which a
 * process has one.
 */
const alone = [
  'packages/core/src/aws/createConnections.test.ts',
  'packages/keyfile/src/memory.test.ts',
  'packages/lambda/src/signing/*.test.ts',
  'test/cli/flags.test.ts',
  'test/doors/gate.test.ts',
  'test/multisig/safeTools.test.ts',
  'test/pkcs11/*.test.ts',
  'test/redaction.test.ts',
  'test/soak/*.test.ts',
]
/** They take longest, and begin first, so that none ends alone. */
const long = [
  'test/packages/pack.test.ts',
  'test/cli/stack.test.ts',
  'test/cli/local.test.ts',
  'test/docs/quickStarts.test.ts',
  'test/cli/sweep.test.ts',
  'test/model/model.test.ts',
  'test/docs/snippets.test.ts',
  'test/docs/import.test.ts',
  'test/import/kills.test.ts',
  'test/multisig/demo.test.ts',
  'test/sender/chaos.test.ts',
  'test/cli/demo.test.ts',
]
class LongFirst extends BaseSequencer {
  override async sort(specs: TestSpecification[]) {
    const sorted = await super.sort(specs)
    const projects = sorted.map(({ project }) => project)
    const rank = ({ project, moduleId }: TestSpecification) => {
      const path = relative(import.meta.dirname, moduleId)
      // A project's files stay together: they share processes.
      return 2 * projects.indexOf(project) + (long.includes(path) ? 0 : 1)
    }
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}
// One process loads each module once, not for every file.
const shared = {
  isolate: false,
  setupFiles: ['test/support/restoreEnvironment.ts'],
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: [
            'packages/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: [...exclude, ...alone],
          ...shared,
        },
      },
      { extends: true, test: { name: 'alone', include: alone, exclude } },
    ],
    testTimeout: soak ? 600_000 : 120_000,
    hookTimeout: soak ? 600_000 : 120_000,
    // One more than a small machine has cores: tests often wait for a process.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    retry: 0,
    // The SDK's advice about future versions of Node is no news here.
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Seconds for each synthesis; compliance.test.ts has the CDK validate.
      CDK_VALIDATION: 'false',
    },
  },
})
