import { usageError } from '@keyward/toolkit'
import type { OpenToken, TokenRequest } from '@keyward/toolkit/token'
import type { Terminal } from '../terminal/Terminal.js'
import { choice, defaulting, number, text, type Values } from './Input.js'

/** The PKCS#11 token, and how to log in to it. */
export const tokenInputs = {
  library: text(
    '--library <path>',
    'the PKCS#11 library (default: PKCS11_LIBRARY)',
  ),
  tokenLabel: text(
    '--token-label <label>',
    'label of the token (default: PKCS11_TOKEN_LABEL)',
  ),
  slot: number('--slot <n>', "the token's slot", {
    min: 0,
    max: 2 ** 32 - 1,
  }),
  pinSource: text(
    '--pin-source <source>',
    "where to read the user's PIN: fd:3, file:/path (mode 0600) or env:NAME (default: PKCS11_PIN_SOURCE; otherwise the command asks)",
  ),
}

/** The token inputs for commands whose key can also be in KMS. */
export const serviceInputs = {
  service: defaulting(
    choice(
      '--service <service>',
      'where the key is: in AWS KMS, or on a token',
      ['kms', 'pkcs11'],
    ),
    'kms',
  ),
  ...tokenInputs,
}

export const officerInputs = {
  soPinSource: text(
    '--so-pin-source <source>',
    "where to read the security officer's PIN, as in --pin-source",
  ),
}

export type ServiceRequest = Values<typeof serviceInputs>

export const tokenHelp = `With --service pkcs11, the key is on a token, and --key is its label or a
PKCS#11 URI such as pkcs11:id=%01 (RFC 7512).`

/**
 * The key's token, which is opened when needed; undefined for a key in KMS, to
 * which the token flags don't apply.
 */
export function serviceToken(
  terminal: Terminal,
  request: Partial<ServiceRequest>,
): OpenToken | undefined {
  if (request.service === 'pkcs11') return tokenOf(terminal, request)
  const given = Object.keys(tokenInputs).find(
    (name) => request[name as keyof TokenRequest] !== undefined,
  )
  if (given !== undefined)
    usageError(
      '--library, --token-label, --slot and --pin-source need --service pkcs11.',
    )
  return undefined
}

/** Opens the named token when needed. */
export const tokenOf =
  (terminal: Terminal, request: Partial<TokenRequest>): OpenToken =>
  async () => {
    const { readToken } = await import('@keyward/toolkit/token')
    return readToken(terminal, request)
  }

/** Asks for the security officer's PIN when needed. */
export const officerPinOf =
  (terminal: Terminal, { soPinSource }: Values<typeof officerInputs>) =>
  async () => {
    const { readPin } = await import('@keyward/toolkit/token')
    return readPin(terminal, soPinSource, {
      flag: '--so-pin-source',
      question: 'PIN of the security officer',
    })
  }
