import { toColumns } from '@keyward/toolkit'
import type { KeyDescription } from '@keyward/toolkit/aws'

/** Describes a key for users. */
export function keyText(key: KeyDescription): string {
  return toColumns([
    ['key id', key.keyId],
    ['ARN', key.arn],
    ['alias', key.alias ?? undefined],
    ['description', key.description === '' ? undefined : key.description],
    ['state', key.state],
    ['origin', key.origin],
    ['key spec', key.keySpec],
    ['expires', key.validTo],
    [
      'address',
      key.address ??
        (key.state === 'Enabled'
          ? 'you have no permission to read it'
          : `none while the key is ${key.state}`),
    ],
  ])
}
