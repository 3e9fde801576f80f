import { drillTag } from '../aws/tags.js'
import type { Ceremony } from './Ceremony.js'
import { confirmAddress } from './confirmAddress.js'
import { findImportKey } from './findImportKey.js'
import { findTaggedKeys } from './findTaggedKeys.js'
import { callKms, ImportError } from './ImportError.js'
import { importMaterial } from './importMaterial.js'
import { signChallenge } from './signChallenge.js'
import { waitForEnabled } from './waitForEnabled.js'
import type { WrapFor, Wrapping } from './wrapKeyMaterial.js'

/** The shortest period that KMS allows. */
const waitingDays = 7

export type DrillOptions = {
  address: string
  wrap: WrapFor
  /** Creates a key with the drill tag; returns its ARN. */
  make(): Promise<string>
  wrapping: Wrapping
}

export type Drill = {
  address: string
  /** ARN of the second key, which will be deleted. */
  keyArn: string
  challengeSigned: boolean
  /** ISO 8601. */
  deletionDate: string | null
}

/**
 * Restores a private key into a second KMS key, checks that it gives the same
 * account, and removes it: the material immediately, the key as soon as KMS
 * allows. Finds and reuses a key that an interrupted drill left behind.
 *
 * @throws ImportError. Even then, the second key is removed if possible.
 */
export async function runDrill(
  ceremony: Ceremony,
  options: DrillOptions,
): Promise<Drill> {
  const { address } = options
  const keyArn = await drillKey(ceremony, options)
  let failure: unknown
  let challengeSigned = false
  try {
    challengeSigned = await restore(ceremony, keyArn, options)
  } catch (error) {
    failure = error
  }
  try {
    const deletionDate = await clearAway(ceremony, keyArn)
    if (failure === undefined)
      return { address, keyArn, challengeSigned, deletionDate }
  } catch (error) {
    if (failure === undefined) throw error
    ceremony.say(
      `${keyArn} could not be deleted. Run:\n  keyward key schedule-deletion ${keyArn} --days ${waitingDays}`,
    )
  }
  throw failure
}

async function drillKey(
  ceremony: Ceremony,
  { address, make }: DrillOptions,
): Promise<string> {
  const left = await findTaggedKeys(ceremony, { key: drillTag, value: address })
  const found = left.find(({ KeyState }) => KeyState !== 'PendingDeletion')
  if (found?.Arn !== undefined) {
    ceremony.say(`Found ${found.Arn}, which an interrupted drill left behind.`)
    return found.Arn
  }
  const arn = await make()
  ceremony.say(`Created ${arn} for the drill.`)
  return arn
}

async function restore(
  ceremony: Ceremony,
  arn: string,
  { address, wrap, wrapping }: DrillOptions,
): Promise<boolean> {
  const { client, say } = ceremony
  const key = await findImportKey(ceremony, arn, address)
  await importMaterial(ceremony, key, wrap, {
    wrapping,
    validTo: undefined,
  })
  await waitForEnabled(client, arn)
  await confirmAddress(client, arn, address)
  say(`The restored key belongs to ${address}.`)
  const signed = await signChallenge(client, arn, address)
  say(
    signed
      ? 'The key signed the challenge, and the signature belongs to the account.'
      : 'You are not allowed to sign with the key (kms:Sign), so signing was not tested.',
  )
  return signed
}

/**
 * Without its material, the key is harmless even if someone cancels its
 * deletion.
 */
async function clearAway(
  { client, say }: Ceremony,
  arn: string,
): Promise<string | null> {
  const { DeleteImportedKeyMaterialCommand, ScheduleKeyDeletionCommand } =
    await import('@aws-sdk/client-kms')
  const call = { client, keyId: arn }
  await callKms(
    {
      ...call,
      doing: "delete the drill key's material",
      permission: 'kms:DeleteImportedKeyMaterial',
      risk: 'Until the material is deleted, the drill key contains the private key.',
    },
    () => client.send(new DeleteImportedKeyMaterialCommand({ KeyId: arn })),
  )
  const { DeletionDate, KeyState } = await callKms(
    {
      ...call,
      doing: "schedule the drill key's deletion",
      permission: 'kms:ScheduleKeyDeletion',
    },
    () =>
      client.send(
        new ScheduleKeyDeletionCommand({
          KeyId: arn,
          PendingWindowInDays: waitingDays,
        }),
      ),
  )
  if (KeyState !== 'PendingDeletion')
    throw new ImportError(
      `The drill key ${arn} is ${KeyState}, not pending deletion.`,
      `To delete the key, run:\n  keyward key schedule-deletion ${arn} --days ${waitingDays}`,
    )
  say(
    "The drill key's material is deleted. KMS deletes the key itself in " +
      `${waitingDays} days; until then, the key costs nothing.`,
  )
  return DeletionDate?.toISOString() ?? null
}
