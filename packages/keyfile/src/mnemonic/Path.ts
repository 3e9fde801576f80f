import { InputError } from '@keyward/core/errors'

/** Where wallets put the first account of Ethereum (BIP-44). */
export const defaultPath = "m/44'/60'/0'/0/0"

const hardened = 2 ** 31
const maxDepth = 16

/**
 * Reads a derivation path of BIP-32, such as `m/44'/60'/0'/0/0`. Hardened
 * steps are marked by `'`, `h` or `H`.
 *
 * @throws InputError
 */
export function parsePath(path: string): number[] {
  const [root, ...steps] = path.split('/')
  const indexes = steps.map(parseStep)
  if (root !== 'm' || steps.length > maxDepth || indexes.includes(undefined))
    // Not quoted: a recovery phrase may have got here.
    throw new InputError("The derivation path can't be read.", {
      details: `Allowed are m and up to ${maxDepth} numbers below 2^31, ' behind those that are hardened, such as ${defaultPath}.`,
    })
  return indexes.filter((index) => index !== undefined)
}

function parseStep(step: string): number | undefined {
  const [, digits = '', mark] = /^(0|[1-9][0-9]{0,9})(['hH]?)$/.exec(step) ?? []
  const index = Number(digits)
  if (digits === '' || index >= hardened) return undefined
  return mark === '' ? index : index + hardened
}
