import { InputError } from '@keyward/core/errors'
import type { Token } from '@keyward/core/pkcs11'
import type { GivenRoles } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import { assertAliasFree } from '../aws/listNamed.js'
import { addressTag } from '../aws/tags.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { assertKmsEndpoint } from '../import/assertKmsEndpoint.js'
import type { Ceremony } from '../import/Ceremony.js'
import { createImportKey } from '../import/createImportKey.js'
import type { ImportKey } from '../import/findImportKey.js'
import { findOwnKey } from '../import/findOwnKey.js'
import { callKms } from '../import/ImportError.js'
import { nameKey } from '../import/nameKey.js'
import type { Place } from '../import/Place.js'
import { prepareKey, strictPolicy } from '../import/prepareKey.js'
import { finish, type Imported, runImport } from '../import/runImport.js'
import type { Wrapping } from '../import/wrapKeyMaterial.js'
import { shellWord } from '../shellQuote.js'
import { pluralize } from '../text/pluralize.js'
import { assertLasting } from './assertLasting.js'
import { proveTokenKey } from './openTokenKey.js'
import type { OpenToken, TokenHandle } from './TokenHandle.js'

export type MoveRequest = {
  /** Label or PKCS#11 URI. */
  keyId: string
  /**
   * The security officer's PIN, requested once everything else is confirmed.
   */
  officerPin: () => Promise<string>
  allowSha1: boolean
  alias: string | undefined
  given: GivenRoles
  receipt: string | undefined
  destroySource: boolean
  dryRun: boolean
  yes: boolean
}

export type Moved = Imported & {
  /** The key's name on the token. */
  tokenKey: string
  /** Whether the token's key was destroyed. */
  sourceDestroyed: boolean
}

/**
 * Moves a token's key into a KMS key: the token wraps it for KMS's own RSA key,
 * so it is never in clear text outside the token. Can be run again after any
 * failure.
 *
 * @throws InputError, ImportError, and Pkcs11Error and related errors
 */
async function moveKey(
  io: Io,
  { aws, ceremony }: { aws: AwsConnection; ceremony: Ceremony },
  { token, options }: TokenHandle,
  request: MoveRequest,
): Promise<Moved> {
  const { say } = ceremony
  const { address, keyRef } = await proveTokenKey(options, request.keyId)
  await token.assertExportable(keyRef)
  say(`${keyRef} signs for ${address}.`)
  const left = request.dryRun ? 0 : await token.removeLeftovers()
  if (left > 0)
    say(
      `Deleted ${pluralize(left, 'wrapping key')} that an interrupted run left behind.`,
    )
  const hash = await token.findOaepHash()
  if (hash === 'sha1' && !request.allowSha1)
    throw new InputError('This token supports RSA-OAEP only with SHA-1.', {
      details:
        'The strict key policy allows only SHA-256. To use SHA-1 for this import, add --allow-sha1-wrapping; the policy is restored afterwards. Nothing was sent.',
    })
  const wrapping: Wrapping = {
    algorithm:
      hash === 'sha1' ? 'RSA_AES_KEY_WRAP_SHA_1' : 'RSA_AES_KEY_WRAP_SHA_256',
    keySpec: 'RSA_4096',
  }
  const own = await findOwnKey(ceremony, address)
  const place: Place =
    own === undefined
      ? { create: await prepare(aws, ceremony, { address, hash, ...request }) }
      : { key: own }
  const imported = own?.isImported
    ? await finish(
        { ceremony, address, receipt: request.receipt },
        own,
        undefined,
      )
    : await runImport({
        ceremony,
        io,
        address,
        place,
        wrap: async (recipient) => {
          const pin = await request.officerPin()
          const what = { keyId: keyRef, recipient, hash }
          return (await token.wrapKey(pin, what)).bytes
        },
        wrapping,
        validTo: undefined,
        isMeant: request.yes,
        receipt: request.receipt,
        dryRun: request.dryRun,
      })
  const { keyArn } = imported
  if (keyArn === null || request.dryRun)
    return { ...imported, tokenKey: keyRef, sourceDestroyed: false }
  if (hash === 'sha1') await setBack(aws, ceremony, keyArn, request.given)
  if (request.alias !== undefined)
    await nameKey(ceremony, keyArn, request.alias)
  // Both have signed for the same account: the token's key before this, and the
  // KMS key in `finish`.
  const sourceDestroyed = await endSource(io, ceremony, token, {
    ...request,
    address,
    keyArn,
    keyRef,
    isProven: imported.receipt?.challengeSigned === true,
  })
  return { ...imported, tokenKey: keyRef, sourceDestroyed }
}

/** Like {@link moveKey}, for the given token and KMS key. */
export function moveTokenKey(
  io: Io,
  open: OpenToken,
  request: MoveRequest & { endpointHost: string | undefined },
): Promise<Moved> {
  return withAws(io, {}, async (aws) => {
    const { kms: client, target } = aws
    await assertKmsEndpoint(io, client, target, request.endpointHost)
    const say = (text: string) => note(io, text)
    const ceremony = { client, target, say }
    return moveKey(io, { aws, ceremony }, await open(), request)
  })
}

async function prepare(
  aws: AwsConnection,
  ceremony: Ceremony,
  request: MoveRequest & { address: string; hash: 'sha1' | 'sha256' },
): Promise<() => Promise<ImportKey>> {
  const { address, alias, given, hash } = request
  if (alias !== undefined) await assertAliasFree(aws.kms, alias)
  const make = await prepareKey(aws, {
    given: { ...given, ...(hash === 'sha1' ? { sha1Wrapping: true } : {}) },
    description: `Ethereum account ${address}, moved from a token`,
    tags: { [addressTag]: address },
  })
  return () => createImportKey(ceremony, address, make)
}

/** Restores the usual policy, which doesn't allow SHA-1. */
async function setBack(
  aws: AwsConnection,
  { client, say }: Ceremony,
  keyArn: string,
  given: GivenRoles,
): Promise<void> {
  const policy = await strictPolicy(aws, given)
  const { PutKeyPolicyCommand } = await import('@aws-sdk/client-kms')
  await callKms(
    {
      client,
      keyId: keyArn,
      doing: 'restore the policy',
      permission: 'kms:PutKeyPolicy',
      next: 'The key works, but its policy still lets importers wrap with SHA-1. keyward access check reports this. Run the same command again to restore the policy.',
    },
    () =>
      client.send(
        new PutKeyPolicyCommand({
          KeyId: keyArn,
          Policy: JSON.stringify(policy),
        }),
      ),
  )
  say('The key policy allows only SHA-256 again.')
}

async function endSource(
  io: Io,
  { client, say }: Ceremony,
  token: Token,
  request: MoveRequest & {
    address: string
    keyArn: string
    keyRef: string
    /** Whether KMS has signed for the account. */
    isProven: boolean
  },
): Promise<boolean> {
  const { address, keyArn, keyRef, destroySource, yes } = request
  const destroy = `keyward key destroy --key ${shellWord(keyRef)} --replaced-by ${keyArn}`
  if (!destroySource) {
    say(
      `Two keys can sign for ${address} now: the KMS key, and ${keyRef}, which no key policy protects. Keep ${keyRef} as the backup, or destroy it: ${destroy}`,
    )
    return false
  }
  if (!request.isProven)
    throw new InputError(
      `The token's key ${keyRef} was kept, because there is no proof that the KMS key can sign.`,
      {
        details: `The KMS key signs for ${address}, but you are not allowed to sign with it. As a user who can sign with it, run: ${destroy}`,
      },
    )
  await assertLasting(client, keyArn)
  await io.confirm({
    target: undefined,
    action: `permanently destroys ${keyRef}; the KMS key is then the only key for ${address}`,
    yes,
  })
  await token.destroyKey(keyRef)
  say(`${keyRef} is destroyed.`)
  return true
}
