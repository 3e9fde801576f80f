import { InputError, quote } from '@keyward/core/errors'

/** @throws InputError if the name is not a valid alias */
export function toAlias(name: string): string {
  const alias = name.startsWith('alias/') ? name : `alias/${name}`
  if (/[0-9a-f]{64}/i.test(alias))
    throw new InputError(`--alias ${quote(name)} looks like a private key.`, {
      details:
        'Many people can read aliases, and logs keep them for years. No key ' +
        'was created. Choose another alias.',
    })
  if (/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return alias
  throw new InputError(`--alias ${quote(name)} can't be an alias.`, {
    details:
      'Letters, digits, / _ and - are allowed, up to 250 of them; the names ' +
      'alias/aws/... are reserved.',
  })
}
