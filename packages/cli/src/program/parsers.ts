import { existsSync } from 'node:fs'
import { InputError, quote } from '@keyward/core/errors'
import { assertWritableFolder, usageError } from '@keyward/toolkit'
import type { Terminal } from '../terminal/Terminal.js'
import type { Parse } from './Input.js'

/**
 * A parser that is loaded only when a value was typed, so that the help is
 * fast.
 */
const lazy =
  <value>(load: () => Promise<Parse<value>>): Parse<value> =>
  async (text, name) =>
    (await load())(text, name)

/** Returns the text unchanged, unless it is refused. */
const checked = (load: () => Promise<Parse<unknown>>): Parse<string> =>
  lazy(async () => {
    const check = await load()
    return async (text, name) => {
      await check(text, name)
      return text
    }
  })

/** Returns the given key, or the one from the environment. */
export function keyOf(terminal: Terminal, given: string | undefined): string {
  const keyId = given ?? terminal.env.AWS_KMS_KEY_ID
  if (keyId !== undefined && keyId !== '') return keyId
  return usageError(
    'no key was given. Pass a key id, key ARN or alias as --key, or set ' +
      'AWS_KMS_KEY_ID.',
  )
}

/**
 * Returns the key from a flag, an argument or the environment. If both a flag
 * and an argument are given, they must be equal.
 */
export function keyOfBoth(
  terminal: Terminal,
  { argument, key }: { argument: string | undefined; key: string | undefined },
): string {
  if (argument !== undefined && key !== undefined && argument !== key)
    usageError(
      'two keys were given, as an argument and with --key: pass only one of them.',
    )
  return keyOf(terminal, argument ?? key)
}

const node = () => import('@keyward/toolkit/node')

export const parseAddress = lazy(async () => (await node()).parseAddress)
export const parseWeiText = lazy(async () => (await node()).parseWeiText)
export const parseEtherText = lazy(async () => (await node()).parseEtherText)
export const parseFee = lazy(async () => (await node()).parseFee)
export const parseEther = lazy(async () => (await node()).parseEther)

export const parseSince = lazy(
  async () => (await import('@keyward/toolkit/send')).parseSince,
)

export const parseValidTo = lazy(
  async () => (await import('@keyward/toolkit/import')).parseValidTo,
)

export const parseAlias = lazy(
  async () => (await import('@keyward/toolkit/aws')).toAlias,
)

export const parseStack = checked(
  async () => (await import('@keyward/toolkit/stack')).StackName.assert,
)

export const parseTable = checked(
  async () => (await import('@keyward/toolkit/ledger')).LedgerTable.assertName,
)

/** An alias of a function. */
export const parseCaller = checked(
  async () => (await import('@keyward/toolkit/send')).assertCaller,
)

/** ARN of an IAM role or user. @throws InputError */
export const parseRole: Parse<string> = async (text, name) => {
  const { isUserOrRole } = await import('@keyward/iam/key-policy')
  if (isUserOrRole(text)) return text
  throw new InputError(
    `${name} ${quote(text)} is not the ARN of an IAM role or user.`,
    {
      details:
        "Pass an ARN such as arn:aws:iam::123456789012:role/key-admin. The value *, an AWS account, its root user and a role's session are not accepted.",
    },
  )
}

/** Qualifier of a CDK bootstrap. @throws InputError */
export const parseQualifier: Parse<string> = async (text, name) => {
  const { Settings } = await import('@keyward/toolkit/deploy')
  await Settings.check({ bootstrapQualifier: text }, () => name)
  if (text === '')
    throw new InputError(`${name} is empty.`, {
      details: 'Pass the qualifier of a CDK bootstrap, such as hnb659fds.',
    })
  return text
}

/** A file that exists or can be created. @throws InputError */
export const parseFileToBe = checked(async () => assertWritableFolder)

/** A file that doesn't exist and can be created. @throws InputError */
export const parseNewFile: Parse<string> = async (path, name) => {
  await parseFileToBe(path, name)
  if (existsSync(path))
    throw new InputError(`${name} ${quote(path)} already exists.`, {
      details: 'Existing files are never overwritten. Choose another name.',
    })
  return path
}
