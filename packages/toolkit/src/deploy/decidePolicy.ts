import { InputError } from '@keyward/core/errors'
import { type Io, note } from '../Io.js'
import { isLocalChain } from '../networks/index.js'
import { readNetwork } from '../node/readNetwork.js'
import type { Settings } from './Settings.js'

/**
 * A new stack, on a chain where money is worth something, is not without a
 * policy by oversight: that is said by a flag, or asked on a terminal.
 *
 * @throws InputError where nobody can be asked; ConfirmationError for a no
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
    action: `lets whoever may call ${stack} have anything signed, any amount to anyone: it has no policy`,
  }
  const missing = new InputError(
    `No policy is named for ${stack}, on ${network.name}.`,
    {
      details:
        'Give --policy FILE with what may be signed (keyward policy init makes one), or --policy none: then whoever may call it may have anything signed.',
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
    'A policy limits whom and how much: --policy FILE (docs/guides/guardrails.md).',
  )
  await io.confirm(question)
}
