import { InputError } from '@keyward/core/errors'
import {
  assertRoles,
  type GivenRoles,
  type Resolved,
  resolveRoles,
} from '@keyward/iam/review'
import { AwsCallError } from '../aws/AwsCallError.js'
import { type AwsConnection, connectAws } from '../aws/connectAws.js'
import { type Io, note } from '../Io.js'
import * as LedgerTable from '../ledger/LedgerTable.js'
import { findParts } from '../stack/findParts.js'
import * as StackName from '../stack/StackName.js'
import type { Signers } from './aroundThePolicy.js'
import { danglingPrincipals } from './danglingPrincipals.js'
import { type Callers, findCallers } from './findCallers.js'
import { type KeyAccess, readKeyAccess } from './readKeyAccess.js'

/** The key: either the given one, or the key of the given stack. */
export type Subject = { keyId: string } | { stack: string }

/** The key in question and the roles given for it. */
export type Asked = { subject: Subject; given: GivenRoles }

export type OpenAccess = {
  connection: AwsConnection
  access: KeyAccess
  meant: Resolved
  /** The stack's functions; empty if the key itself was given. */
  signers: Signers
  /** Who can invoke the stack's functions, as far as it is visible. */
  callers: Callers | undefined
  /** The stack whose template sets the key's policy, if the given one does. */
  setBy: string | undefined
}

/**
 * Reads which principals can use a key and which ones should. The roles of a
 * stack's functions count as users of its key, even if only IAM grants them
 * access.
 *
 * @throws InputError, PolicyError, StackMissingError, AwsCallError
 */
export async function openAccess<answer>(
  io: Io,
  subject: Subject,
  given: GivenRoles,
  run: (open: OpenAccess) => Promise<answer>,
): Promise<answer> {
  assertRoles(given)
  if ('stack' in subject) StackName.assert(subject.stack)
  const connection = await connectAws(io, 'keyId' in subject ? subject : {})
  try {
    const { keyId, ...about } =
      'keyId' in subject
        ? { ...subject, ...noStack }
        : await readStackKey(connection, subject.stack)
    const access = await readKeyAccess(connection.kms, keyId)
    const { policy, key } = access
    const gone = await danglingPrincipals(connection, policy, key)
    const meant = resolveRoles(given, {
      ...{ policy, key, gone },
      signers: about.signers.roles,
    })
    return await run({ connection, access, meant, ...about })
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}

const noStack = {
  signers: {
    ...{ roles: [], guarded: [] },
    ...{ guardTable: undefined, guardedName: undefined },
  } satisfies Signers,
  callers: undefined,
  setBy: undefined,
}

/** Tells users who are about to set the policy what else sets it. */
export function noteTemplate(io: Io, { setBy }: OpenAccess): void {
  if (setBy === undefined) return
  note(
    io,
    `The template of ${setBy} sets this key's policy too. If a later deployment changes the policy in the template, it overwrites what keyward access apply sets.`,
  )
}

async function readStackKey(
  connection: AwsConnection,
  stack: string,
): Promise<{
  keyId: string
  signers: Signers
  callers: Callers | undefined
  setBy: string | undefined
}> {
  const parts = await findParts(connection, stack)
  const [{ key: keyId }, ...others] = parts.accounts
  if (others.length > 0)
    throw new InputError(
      `The stack ${stack} has ${parts.accounts.length} keys. Choose one with --key.`,
      {
        details: parts.accounts
          .map(({ role, key }) => `- ${role}: ${key}`)
          .join('\n'),
      },
    )
  const sdk = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(sdk.LambdaClient)
  const roles: string[] = []
  const guarded: string[] = []
  let guardTable: string | undefined
  let guardedName: string | undefined
  for (const { name } of parts.functions) {
    const { Role, Environment } = await lambda.send(
      new sdk.GetFunctionConfigurationCommand({ FunctionName: name }),
    )
    // Some of the stack's functions don't use the key at all.
    const { KMS_KEY_ID, POLICY_SHA256, GUARD_TABLE } =
      Environment?.Variables ?? {}
    if (Role === undefined || KMS_KEY_ID === undefined) continue
    roles.push(Role)
    if (POLICY_SHA256 === undefined) continue
    guarded.push(Role)
    guardedName ??= name
    if (GUARD_TABLE !== undefined)
      guardTable = LedgerTable.toArn(connection, GUARD_TABLE)
  }
  const signers = { roles, guarded, guardTable, guardedName }
  const setBy = parts.ownKey ? stack : undefined
  return { keyId, signers, callers: findCallers(parts), setBy }
}
