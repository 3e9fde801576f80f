import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const manifest = '@keyward/cdk/cdk.out/manifest.json'

/**
 * Synthesizes keyward-dev, the stack that every local home has from the start.
 * Its template is the one that `cdk deploy` would send, with one key, a policy,
 * and the functions that sign and send.
 *
 * @param say - Called before the stack is synthesized, which happens only in a
 *   checkout and takes several seconds.
 */
export async function devAssembly(
  say: (text: string) => void,
): Promise<{ directory: string }> {
  // Only a checkout contains the sources, and a checkout should load them.
  const source = new URL('../src/main.ts', import.meta.url)
  const script = new URL('../../../scripts/synth.mjs', import.meta.url)
  if (existsSync(fileURLToPath(source))) {
    const { ensureSynthesized } = await import(script.href)
    await ensureSynthesized(() =>
      say("Synthesizing the stack's CloudFormation template (only once)."),
    )
  }
  const { resolve } = createRequire(import.meta.url)
  return { directory: dirname(resolve(manifest)) }
}
