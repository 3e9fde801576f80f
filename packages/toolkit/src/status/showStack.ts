import { whoCan } from '@keyward/iam/review'
import { readKeyAccess } from '../access/readKeyAccess.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { peek, seen } from '../aws/peek.js'
import type { Io } from '../Io.js'
import * as Blocking from '../send/Blocking.js'
import type { KeyState } from '../stack/readKeyState.js'
import {
  type AccountStatus,
  isSeen,
  readStatus,
  type StackStatus,
} from '../stack/readStatus.js'
import { StackMissingError } from '../stack/StackMissingError.js'
import { withStack } from '../stack/withStack.js'
import { type PolicyAnswer, readAnswers } from './readAnswers.js'
import { type FundedAccounts, readFunds } from './readFunds.js'
import { toJson } from './toJson.js'

type Access = ReturnType<typeof whoCan>

/** Everything that the command can find out about a stack. */
export type ShownStack = {
  found: StackStatus
  accounts: FundedAccounts
  policy: PolicyAnswer | undefined
  /**
   * The transaction behind which all later ones wait, if the sender names one:
   * the problem, and what to do.
   */
  blocked: readonly string[]
  /** Who is allowed to do what with each key, if requested. */
  access:
    | readonly { role: string | undefined; access: Access | undefined }[]
    | undefined
  /** Whether the stack is in the local home. */
  atHome: boolean
  /** Converts the result to the `--json` output. */
  data: Record<string, unknown>
}

export function showStack(
  io: Io,
  options: {
    stack: string | undefined
    urls: readonly string[] | undefined
    /** Also reads who is allowed to do what with the key. */
    access: boolean
  },
): Promise<ShownStack> {
  return withStack(io, options, async (connection, name) => {
    const found = await readStatus(connection, name)
    if (!isSeen(found))
      throw new StackMissingError(name, connection.target, { hidden: true })
    const [first, ...others] = found.accounts
    const read = async (account: AccountStatus) => ({
      ...account,
      funds: await readFunds(options.urls, account, found.network),
    })
    const { LambdaClient } = await import('@aws-sdk/client-lambda')
    const reading = readAnswers(connection.open(LambdaClient), found)
    const accounts: FundedAccounts = [
      await read(first),
      ...(await Promise.all(others.map(read))),
    ]
    const answers = await reading
    const { policy, blocking } = answers
    const data = toJson(found, accounts, answers)
    const atHome = connection.target.kind === 'local'
    const blocked = blocking ? Blocking.toLines(blocking, { stack: name }) : []
    const shown = { found, accounts, policy, blocked, atHome }
    if (!options.access) return { ...shown, data, access: undefined }
    const access = await Promise.all(
      accounts.map(async ({ role, key }) => ({
        role,
        access: key && (await readAccess(connection, key)),
      })),
    )
    const rows = access.map(({ role, access }) => ({
      role,
      rows: access?.rows ?? null,
    }))
    const isMultisig = found.safe !== undefined
    return {
      ...{ ...shown, access },
      data: { ...data, access: isMultisig ? rows : (rows[0]?.rows ?? null) },
    }
  })
}

/** @returns Undefined if the caller isn't allowed to read the key's policy. */
async function readAccess(
  { kms }: AwsConnection,
  key: KeyState,
): Promise<Access | undefined> {
  const found = seen(await peek(() => readKeyAccess(kms, key.arn)))
  return found && whoCan(found.policyText, found.key)
}
