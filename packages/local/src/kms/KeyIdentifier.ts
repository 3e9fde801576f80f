import { AwsError } from '../protocol/Service.js'
import { invalidKeyId, notFound } from './errors.js'

/** The parsed form of a KeyId member, before any lookup. */
export type KeyIdentifier =
  | { type: 'key'; keyId: string }
  | { type: 'alias'; name: string }
  | { type: 'foreign'; arn: string }

type Place = { accountId: string; region: string }

const uuid =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i

/**
 * Reads a key id, key ARN, alias name or alias ARN.
 *
 * @throws AwsError NotFoundException for an id in an unknown form or an ARN in
 *   another Region; InvalidArnException for an ARN that is not a KMS ARN.
 */
export const parse = (value: string, place: Place): KeyIdentifier => {
  if (!value.startsWith('arn:')) return parseName(value, value)
  const [, partition, service, region, account, ...resource] = value.split(':')
  const name = resource.join(':')
  if (
    partition !== 'aws' ||
    service !== 'kms' ||
    !region ||
    !/^[0-9]{12}$/.test(account ?? '') ||
    !/^(?:key|alias)\/./.test(name)
  )
    throw new AwsError('InvalidArnException', `Invalid arn ${value}`)
  if (region !== place.region) throw notFound(`Invalid arn ${region}`)
  if (account !== place.accountId) return { type: 'foreign', arn: value }
  return name.startsWith('key/')
    ? parseName(name.slice('key/'.length), value, 'key')
    : { type: 'alias', name }
}

const parseName = (
  name: string,
  given: string,
  only?: 'key',
): KeyIdentifier => {
  if (uuid.test(name)) return { type: 'key', keyId: name }
  if (!only && name.startsWith('alias/')) return { type: 'alias', name }
  throw invalidKeyId(given)
}
