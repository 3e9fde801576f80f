import { InputError } from '@keyward/core/errors'

/** The path of the first Ethereum account in most wallets (BIP-44). */
export const defaultPath = "m/44'/60'/0'/0/0"

const hardened = 2 ** 31
const maxDepth = 16

/**
 * Reads a BIP-32 derivation path, such as `m/44'/60'/0'/0/0`. `'`, `h` or `H`
 * marks a hardened step.
 *
 * @throws InputError
 */
export function parsePath(path: string): number[] {
  const [root, ...steps] = path.split('/')
  const indexes = steps.map(parseStep)
  if (root !== 'm' || steps.length > maxDepth || indexes.includes(undefined))
    // Not quoted, because it may be a recovery phrase.
    throw new InputError('The derivation path is not valid.', {
      details: `Allowed: m and up to ${maxDepth} numbers below 2^31, separated by /, with ' after each hardened number, such as ${defaultPath}.`,
    })
  return indexes.filter((index) => index !== undefined)
}

function parseStep(step: string): number | undefined {
  const [, digits = '', mark] = /^(0|[1-9][0-9]{0,9})(['hH]?)$/.exec(step) ?? []
  const index = Number(digits)
  if (digits === '' || index >= hardened) return undefined
  return mark === '' ? index : index + hardened
}
