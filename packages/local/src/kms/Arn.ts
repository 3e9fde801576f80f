import type { KmsContext } from './KmsContext.js'

type Place = Pick<KmsContext, 'accountId' | 'region'>

export const ofKey = (place: Place, keyId: string): string =>
  `arn:aws:kms:${place.region}:${place.accountId}:key/${keyId}`

/** The name includes the prefix `alias/`. */
export const ofAlias = (place: Place, name: string): string =>
  `arn:aws:kms:${place.region}:${place.accountId}:${name}`
