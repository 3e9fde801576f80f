import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const manifest = '@keyward/cdk/cdk.out/manifest.json'

/**
 * The stack that a local home has from the start, keyward-dev: the very
 * template that `cdk deploy` sends, with one key, a policy, and the functions
 * that sign and send.
 *
 * @param say - Told before the stack has to be synthesised, which only
 *   happens in a checkout and takes seconds.
 */
export async function devAssembly(
  say: (text: string) => void,
): Promise<{ directory: string }> {
  // Only a checkout has sources, and there it is they that should be loaded.
  const source = new URL('../src/main.ts', import.meta.url)
  const script = new URL('../../../scripts/synth.mjs', import.meta.url)
  if (existsSync(fileURLToPath(source))) {
    const { ensureSynthesized } = await import(script.href)
    await ensureSynthesized(() =>
      say('Synthesising the CloudFormation template of the stack (once).'),
    )
  }
  const { resolve } = createRequire(import.meta.url)
  return { directory: dirname(resolve(manifest)) }
}
