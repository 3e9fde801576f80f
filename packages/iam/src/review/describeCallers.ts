import type { KeyRoles } from '../key-policy/index.js'
import type { Caller } from './Caller.js'
import { rank } from './judge.js'
import type { KeyFacts } from './KeyFacts.js'

type Found = { caller: Caller; may: 'iam' | 'yes' }

/**
 * Describes each caller once, in words. A name is left out if "every role in
 * the account" already covers it.
 */
export function describeCallers(
  found: readonly Found[],
  key: KeyFacts,
  roles: KeyRoles,
): string[] {
  const words: string[] = []
  const accounts = [
    undefined,
    ...new Set(found.flatMap(({ caller }) => caller.account ?? [])),
  ]
  const any = unnamedOf(found, undefined)
  for (const account of accounts) {
    const unnamed = unnamedOf(found, account)
    if (account === undefined) {
      if (any.length > 0) words.push('anybody in any AWS account')
      continue
    }
    const isOwn = account === key.account
    if (!isOwn && any.length > 0) continue
    const best = Math.max(0, ...unnamed.map(({ may }) => rank(may)))
    // "Anybody" already includes them.
    if (unnamed.length > 0 && any.length === 0)
      words.push(describeAccount(unnamed, account, key))
    for (const { caller, may } of found) {
      if (caller.account !== account || caller.name === undefined) continue
      const isTold = caller.kind === 'root' ? any.length > 0 : rank(may) <= best
      if (!isTold) words.push(describeCaller(caller, key, roles))
    }
  }
  for (const { caller } of found)
    if (caller.kind === 'service')
      words.push(
        caller.name === undefined
          ? 'any AWS service'
          : `the AWS service ${caller.name}`,
      )
  return words
}

/** Describes a caller that a policy names. */
export function describeCaller(
  caller: Caller,
  key: KeyFacts,
  roles: KeyRoles,
): string {
  const { kind, name = '', account } = caller
  if (kind === 'root')
    return account === key.account
      ? "the account's root"
      : `the root of ${name} (another account)`
  const is = rolesOf(name, roles)
  const foreign = account === key.account ? '' : ' of another account'
  if (is.length > 0) return `${name} (${is.join(', ')}${foreign})`
  return foreign === '' ? name : `${name} (${foreign.trim()})`
}

/** The intended roles of an ARN, e.g. `administrator`. */
export function rolesOf(arn: string, roles: KeyRoles): string[] {
  const is = (list: readonly string[], role: string) =>
    list.includes(arn) ? [role] : []
  return [
    ...is(roles.administrators, 'administrator'),
    ...is(roles.users, 'user'),
    ...is(roles.importers, 'importer'),
    ...is(roles.breakGlass, 'break-glass'),
    ...is(roles.deployers, 'deployer'),
  ]
}

function unnamedOf(found: readonly Found[], account: string | undefined) {
  return found.filter(
    ({ caller }) =>
      caller.kind !== 'service' &&
      caller.name === undefined &&
      caller.account === account,
  )
}

function describeAccount(
  unnamed: readonly Found[],
  account: string,
  key: KeyFacts,
): string {
  const kinds = ['role', 'user'].filter((kind) =>
    unnamed.some(({ caller }) => caller.kind === kind),
  )
  const whose = `every ${kinds.join(' and ')} in account ${account}`
  if (account !== key.account) return `${whose} (another account)`
  return unnamed.some(({ may }) => may === 'yes')
    ? `${whose} (regardless of IAM policies)`
    : `${whose} whose IAM policy allows it`
}
