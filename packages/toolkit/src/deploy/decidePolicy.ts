import { InputError } from '@keyward/core/errors'
import { type Io, note } from '../Io.js'
import { isLocalChain } from '../networks/index.js'
import { readNetwork } from '../node/readNetwork.js'
import type { Settings } from './Settings.js'

/**
 * A new stack on a chain with real money must not lack a policy by oversight:
 * it needs a flag, or a yes on a terminal.
 *
 * @throws InputError if nobody can be asked; ConfirmationError for a no
 */
export async function decidePolicy(
  io: Io,
  stack: string,
  settings: Settings,
  { yes }: { yes: boolean },
): Promise<void> {
  const network = readNetwork(String(settings.network ?? ''))
  if (network === undefined || isLocalChain(network.chainId)) return
  if (settings.policy !== undefined) return
  const question = {
    ...{ target: undefined, yes: false },
    action: `lets every caller of ${stack} sign anything, because it has no policy`,
  }
  const missing = new InputError(
    `No policy was given for ${stack}, on ${network.name}.`,
    {
      details:
        'Give --policy FILE to limit what may be signed (keyward policy init ' +
        'writes such a file), or --policy none, which lets every caller sign ' +
        'anything.',
    },
  )
  if (yes) throw missing
  try {
    io.assertAskable(question)
  } catch {
    throw missing
  }
  note(
    io,
    'A policy limits payees and amounts: --policy FILE (docs/guides/guardrails.md).',
  )
  await io.confirm(question)
}
