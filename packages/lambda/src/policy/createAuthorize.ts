import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { NotAuthorizedError, type SigningKey } from '@keyward/core'
import type { Log } from '../runtime/log.js'
import { PolicyMismatchError } from './PolicyMismatchError.js'
import type { Decide, PolicyModule } from './PolicyModule.js'

/**
 * The policy that was deployed beside the function, asked before each
 * signature. Every decision is logged with the policy's hash, whatever the
 * level is. A policy that can't be loaded allows nothing.
 *
 * @param sha256 - Of the policy's text, as the environment has it.
 * @param folder - Where it stands. @default beside the function
 */
export function createAuthorize(
  sha256: string,
  log: Log,
  folder = new URL('.', import.meta.url),
): SigningKey.Authorize {
  let loading: Promise<Decide> | undefined
  const load = () => {
    loading ??= loadPolicy(sha256, folder).catch((error) => {
      loading = undefined
      throw error
    })
    return loading
  }
  // Loaded while the function starts; a failure shows at the first request.
  load().catch(() => {})
  return async (request, context) => {
    const decide = await load()
    const { decision, mode, rule, paths, denial } = decide(
      request,
      context,
      Date.now(),
    )
    log.audit('decided', {
      policy: sha256.slice(0, 16),
      ...{ decision, mode, rule, caller: context.caller },
      purpose: context.purpose,
      transaction_id: context.transactionId,
      ...(paths.length > 0 && { fields: paths }),
    })
    if (denial !== undefined && mode === 'enforce')
      throw new NotAuthorizedError(denial)
  }
}

async function loadPolicy(sha256: string, folder: URL): Promise<Decide> {
  const text = await readFile(new URL('policy.json', folder), 'utf8')
  const found = createHash('sha256').update(text).digest('hex')
  if (found !== sha256) throw new PolicyMismatchError(found, sha256)
  const { open }: PolicyModule = await import(
    new URL('policy.mjs', folder).href
  )
  return open(text)
}
