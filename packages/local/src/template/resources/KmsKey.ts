import { canonical, type JsonObject } from '../Json.js'
import {
  boolean,
  integer,
  oneOf,
  only,
  readProperties,
  tags,
  text,
} from '../properties.js'
import type { Identity, Made, Place, ResourceType } from '../ResourceType.js'
import { TemplateError } from '../TemplateError.js'
import { policyDocument } from './policyDocument.js'

const maximumPolicyBytes = 32 * 1024
const spec = {
  Description: text,
  Enabled: boolean,
  EnableKeyRotation: only(false),
  KeyPolicy: policyDocument('resource', maximumPolicyBytes),
  KeySpec: oneOf('ECC_SECG_P256K1'),
  KeyUsage: oneOf('SIGN_VERIFY'),
  MultiRegion: only(false),
  Origin: oneOf('AWS_KMS', 'EXTERNAL'),
  PendingWindowInDays: integer,
  BypassPolicyLockoutSafetyCheck: boolean,
  Tags: tags,
}

const read = (properties: JsonObject) =>
  readProperties(properties, spec, ['KeySpec', 'KeyUsage'])

const immutable = ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'] as const
const defaults: JsonObject = { MultiRegion: false, Origin: 'AWS_KMS' }

/**
 * AWS sets the tags `aws:cloudformation:*`, which no one else can set. These
 * tags serve the same purpose: they help to find a key that a killed deployment
 * left behind. The last tag is unique to each creation, so that a key that was
 * retained earlier is never adopted.
 */
const stackTags = ({ stackName, logicalId, generatedName }: Place) => ({
  'keyward:stack': stackName,
  'keyward:logical-id': logicalId,
  'keyward:made-as': generatedName,
})

const identityOf = (keyId: string, { home }: Place): Identity => ({
  physicalId: keyId,
  attributes: {
    KeyId: keyId,
    Arn: `arn:aws:kms:${home.region}:${home.accountId}:key/${keyId}`,
  },
})

export const KmsKey: ResourceType = {
  check(properties) {
    const { PendingWindowInDays: days = 30, Origin } = read(properties)
    if (days < 7 || days > 30)
      throw new TemplateError(
        `PendingWindowInDays is ${days}. It must be from 7 to 30.`,
      )
    if (Origin === 'EXTERNAL' && properties.Enabled === true)
      throw new TemplateError(
        "A key of Origin EXTERNAL can't be Enabled before its material is " +
          'imported.',
      )
  },

  // KMS chooses the id. This placeholder has the same form.
  identify: (_, place) =>
    identityOf('00000000-0000-0000-0000-000000000000', place),

  change(before, properties) {
    const refused = immutable.filter(
      (name) =>
        (before.properties[name] ?? defaults[name]) !==
        (properties[name] ?? defaults[name]),
    )
    return refused.length === 0
      ? 'update'
      : {
          refused: `The ${refused.join(' and ')} of a key can't be changed, because the result would be another key with another address. Keep the old value, or add a second key with another logical id.`,
        }
  },

  async make(properties, place) {
    const { kms, deployer } = place.home
    const left = findLeft(place)
    if (left !== undefined) {
      const before = { properties: {}, physicalId: left } as Made
      await KmsKey.update(before, properties, place)
      return identityOf(left, place)
    }
    const given = read(properties)
    const { KeyMetadata } = await kms.call(
      'CreateKey',
      {
        KeySpec: given.KeySpec,
        KeyUsage: given.KeyUsage,
        Origin: given.Origin,
        Description: given.Description,
        Policy: given.KeyPolicy && JSON.stringify(given.KeyPolicy),
        BypassPolicyLockoutSafetyCheck: given.BypassPolicyLockoutSafetyCheck,
        Tags: toWire({ ...stackTags(place), ...given.Tags }),
      },
      deployer,
    )
    const { KeyId } = KeyMetadata as { KeyId: string }
    try {
      if (given.Enabled === false && given.Origin !== 'EXTERNAL')
        await kms.call('DisableKey', { KeyId }, deployer)
      // CloudFormation reads each resource that it has created, and fails if it
      // has no permission to do so.
      await kms.call('DescribeKey', { KeyId }, deployer)
    } catch (error) {
      await kms.discard(KeyId)
      throw error
    }
    return identityOf(KeyId, place)
  },

  async update(before, properties, { home: { kms, deployer } }) {
    const KeyId = before.physicalId
    const was = readProperties(before.properties, spec)
    const is = read(properties)
    const call = (operation: string, input: object) =>
      kms.call(operation, { KeyId, ...input }, deployer)
    // CloudFormation does this too before it changes the key.
    const { KeyMetadata } = await call('DescribeKey', {})
    if ((KeyMetadata as { KeyState: string }).KeyState === 'PendingDeletion')
      throw new TemplateError(
        `Resource of type 'AWS::KMS::Key' with identifier '${KeyId}' was not found.`,
      )
    if (is.KeyPolicy && canonical(was.KeyPolicy) !== canonical(is.KeyPolicy))
      await call('PutKeyPolicy', {
        Policy: JSON.stringify(is.KeyPolicy),
        BypassPolicyLockoutSafetyCheck: is.BypassPolicyLockoutSafetyCheck,
      })
    if ((was.Description ?? '') !== (is.Description ?? ''))
      await call('UpdateKeyDescription', { Description: is.Description ?? '' })
    const gone = Object.keys(was.Tags ?? {}).filter(
      (name) => !Object.hasOwn(is.Tags ?? {}, name),
    )
    if (gone.length > 0) await call('UntagResource', { TagKeys: gone })
    if (is.Tags && canonical(was.Tags) !== canonical(is.Tags))
      await call('TagResource', { Tags: toWire(is.Tags) })
    if ((was.Enabled ?? true) !== (is.Enabled ?? true))
      await call(is.Enabled === false ? 'DisableKey' : 'EnableKey', {})
    return undefined
  },

  async remove(made, { home: { kms, deployer } }) {
    const key = kms.keys().find(({ keyId }) => keyId === made.physicalId)
    // The key may already be deleted or scheduled for deletion, by hand or by a
    // killed removal.
    if (!key || key.state === 'PendingDeletion') return
    const { PendingWindowInDays } = readProperties(made.properties, spec)
    await kms.call(
      'ScheduleKeyDeletion',
      { KeyId: made.physicalId, PendingWindowInDays },
      deployer,
    )
  },

  // This key was never part of a visible stack.
  discard: (made, { home }) => home.kms.discard(made.physicalId),
}

/**
 * Finds a key of this resource that was created just before a kill, so that no
 * state contains it.
 */
function findLeft(place: Place): string | undefined {
  const { kms } = place.home
  const wanted = Object.entries(stackTags(place))
  for (const { keyId, aliases, state } of kms.keys()) {
    if (aliases.length > 0 || state === 'PendingDeletion') continue
    const tags = kms.tagsOf(keyId)
    if (wanted.every(([name, value]) => tags[name] === value)) return keyId
  }
  return undefined
}

function toWire(all: Readonly<Record<string, string>>) {
  return Object.entries(all).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
}
