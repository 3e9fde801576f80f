import type { Network } from '@keyward/core'
import { InputError, quote } from '@keyward/core/errors'
import type { Pkcs11Options } from '@keyward/core/pkcs11'
import type { Io } from '../Io.js'
import { findNetwork, requireNetwork } from '../node/readNetwork.js'
import { assertUrls } from '../node/rpcUrls.js'

/** The options that choose a sender. */
export type SenderOptions = {
  stack?: string | undefined
  caller?: string | undefined
  /** With `ledger`, the command sends without Lambda. */
  key?: string | undefined
  ledger?: string | undefined
  network?: string | undefined
  urls?: readonly string[] | undefined
  /**
   * With `ledger`, begins the ledger at this nonce; `true` reads the nonce from
   * the chain.
   */
  newLedger?: bigint | true | undefined
  /** Don't ask for confirmation. */
  yes?: boolean | undefined
}

/** A stack's function, or a ledger's table with which to send from here. */
export type Sender =
  | {
      ledger: undefined
      stack: string | undefined
      caller: string | undefined
      /** The chain that was given. The function knows its own chain. */
      network: Network.Network | undefined
    }
  | {
      /** Name of the table. */
      ledger: string
      /** A KMS key or, with `token`, a label or PKCS#11 URI. */
      keyId: string
      token?: Pkcs11Options
      network: Network.Network
      urls: readonly string[]
      newLedger: bigint | true | undefined
      yes: boolean
    }

/** @throws InputError if neither or both are given, or a part is missing */
export function readSender(io: Io, options: SenderOptions): Sender {
  const { ledger, stack, caller, newLedger, yes = false } = options
  if (ledger === undefined) {
    if (newLedger !== undefined)
      throw new InputError('--new-ledger needs --ledger.', {
        details: 'For a stack, use keyward deploy --new-ledger.',
      })
    if (options.key !== undefined)
      throw new InputError('--key needs --ledger.', {
        details:
          "A stack's sender has its own key. To send without Lambda, pass the ledger's table with --ledger; otherwise leave out --key.",
      })
    if (caller !== undefined) assertCaller(caller)
    return { ledger, stack, caller, network: findNetwork(io, options.network) }
  }
  if (stack !== undefined || caller !== undefined)
    throw new InputError("--ledger can't be used with --stack or --caller.", {
      details:
        "To let the stack's function send the transaction, pass --stack (and --caller). To send it from this command, pass only --ledger.",
    })
  const keyId = options.key ?? io.env.AWS_KMS_KEY_ID
  if (keyId === undefined || keyId === '')
    throw new InputError('--ledger needs a key.', {
      details: 'Pass --key, or set AWS_KMS_KEY_ID.',
    })
  const network = requireNetwork(io, options.network)
  const urls = assertUrls(options.urls)
  return { ledger, keyId, network, urls, newLedger, yes }
}

/** @throws InputError if the text is not a valid sender alias */
export function assertCaller(caller: string): void {
  if (/^[a-zA-Z0-9_-]{1,128}$/.test(caller)) return
  throw new InputError(`--caller ${quote(caller)} is not a valid alias.`, {
    details:
      "Allowed: 1 to 128 letters, digits, - and _. Pass the alias of one of the stack's invokers.",
  })
}
