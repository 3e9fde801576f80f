import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ensureBuilt } from '../../scripts/build.mjs'

const app = fileURLToPath(
  new URL('../../packages/cdk/dist/app.js', import.meta.url),
)

/** Synthesises Keyward's CDK app with these settings into the folder. */
export async function synthesize(
  folder: string,
  context: Record<string, unknown>,
): Promise<string> {
  await ensureBuilt()
  await promisify(execFile)(process.execPath, [app], {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  })
  return folder
}
