import { InputError, quote } from '@keyward/core/errors'

/** @throws InputError if the name is not a valid alias */
export function toAlias(name: string): string {
  const alias = name.startsWith('alias/') ? name : `alias/${name}`
  if (/[0-9a-f]{64}/i.test(alias))
    throw new InputError(`--alias ${quote(name)} looks like a private key.`, {
      details:
        'Many people can read aliases, and logs keep them for years. Choose ' +
        'another alias. No key was created.',
    })
  if (/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return alias
  throw new InputError(`--alias ${quote(name)} is not a valid alias.`, {
    details:
      'Allowed: 1 to 250 letters, digits, /, - and _. AWS reserves names that ' +
      'begin with alias/aws/.',
  })
}
