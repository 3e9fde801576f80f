import { InputError } from '@keyward/core/errors'
import { type Io, note } from '../Io.js'
import { isLocalChain } from '../networks/index.js'
import { readNetwork } from '../node/readNetwork.js'
import type { Settings } from './Settings.js'

/**
 * Makes sure that a new stack on a chain with real money doesn't lack a policy
 * by oversight: the user must pass a flag, or answer yes on a terminal.
 *
 * @throws InputError if there is no terminal; ConfirmationError if the answer
 * is no
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
    action: `lets every caller of the stack ${stack} sign anything, because the stack has no policy`,
  }
  const missing = new InputError(
    `No policy was given for the stack ${stack} on ${network.name}.`,
    {
      details:
        'Pass --policy FILE to limit what may be signed (keyward policy init ' +
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
    'To limit payees and amounts, pass a policy: --policy FILE (docs/guides/guardrails.md).',
  )
  await io.confirm(question)
}
