import { join } from 'node:path'
import { root } from '../setup/root.mjs'

/** Packages with native code, which are loaded from disk. */
const external = ['dynalite', 'koffi']

/**
 * Bundles the command, because loading 600 files takes longer than most
 * commands do. What only some commands need is in chunks, which are loaded when
 * they run.
 *
 * @param {typeof import('esbuild')} esbuild
 */
export async function bundleCli(esbuild) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['packages/cli/src/main.ts'],
    outdir: join(root, 'packages', 'cli', 'dist'),
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    external,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // `module` as well, because a CommonJS file that is imported when it is
    // needed would have no named exports.
    conditions: ['@keyward/source', 'module'],
    mainFields: ['module', 'main'],
    // For what is CommonJS. No package has this name.
    banner: {
      js: "import { createRequire as createKeywardRequire } from 'node:module'; const require = createKeywardRequire(import.meta.url)",
    },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: 'silent',
  })
  return outputFiles
}
