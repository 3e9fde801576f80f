import { quote } from '@keyward/iam/quote'
import { assertAddress, assertCustomerKey } from './environment.js'
import type { MultisigStackProps, OwnerProps } from './MultisigStackProps.js'
import { assertHours, readSafeFile, toRules } from './multisigSettings.js'
import { checked, flag, list, number, text } from './readSetting.js'
import { callers } from './readStackSetting.js'
import { rpcSettings } from './rpcSettings.js'

// Settings that make a stack a multisig. This module doesn't need aws-cdk-lib.

type Reader = (value: unknown, name: string) => unknown

export const multisigReaders = {
  owners,
  safe,
  coordinator: flag,
  proposers: callers,
  proposerMayApprove: flag,
  proposalKeyArn: checked(text, (arn) =>
    assertCustomerKey('proposalKeyArn', arn),
  ),
  proposalHours: checked(number, assertHours),
  relayerAddress: address,
} satisfies Partial<Record<keyof MultisigStackProps, Reader>>

const ownerReaders = {
  approvers: callers,
  open: checked(list, (open) => toRules({ open })),
  openCalls: checked(list, (openCalls) => toRules({ openCalls })),
  policy: text,
  policySha256: text,
  rpcUrl: checked(text, (url) => rpcSettings(url, undefined)),
  address,
} satisfies Record<keyof OwnerProps, Reader>

/**
 * Reads owners in the order of their numbers: objects, or each owner's approver
 * by the name of its alias, `anna=ARN`. Text is JSON, or a comma-separated list
 * of this form.
 *
 * @throws Error
 */
function owners(value: unknown, name: string): Record<string, unknown>[] {
  const given = typeof value === 'string' ? fromText(value, name) : value
  if (!Array.isArray(given) || given.length === 0)
    throw new Error(
      `${name}: must be a list of owners, in the form ALIAS=ARN or as JSON.`,
    )
  return given.map((one, index) => owner(one, name, index + 1))
}

function fromText(value: string, name: string): unknown {
  if (!value.trim().startsWith('[')) return list(value, name)
  try {
    return JSON.parse(value)
  } catch {
    throw new Error(
      `${name}: the value (${value.length} characters) is not valid JSON. Allowed: a list of owners, in the form ALIAS=ARN or as JSON.`,
    )
  }
}

function owner(
  value: unknown,
  name: string,
  position: number,
): Record<string, unknown> {
  if (typeof value === 'string') return { approvers: callers(value, name) }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(
      `${name}: each owner must be an object, or text in the form ALIAS=ARN.`,
    )
  const names = Object.keys(ownerReaders)
  const unknown = Object.keys(value).find((one) => !names.includes(one))
  if (unknown !== undefined)
    throw new Error(
      `${name}: ${quote(unknown)} is not a setting of an owner. Allowed: ${names.join(', ')}.`,
    )
  if (!('approvers' in value))
    throw new Error(
      `${name}: owner ${position} has no approvers. Specify them in the form {"ALIAS": "ARN"}.`,
    )
  const read = Object.entries<Reader>(ownerReaders).flatMap(([one, read]) => {
    const given = (value as Record<string, unknown>)[one]
    if (given === undefined || given === '') return []
    try {
      return [[one, read(given, name)] as const]
    } catch (error) {
      const message = (error as Error).message.replace(/^\w+: /, '')
      throw new Error(`${name}: ${one} of owner ${position}: ${message}`)
    }
  })
  return Object.fromEntries(read)
}

/** The safe file, as text or parsed JSON. @throws Error */
function safe(value: unknown, name: string): string {
  const isJson = typeof value === 'object' && value !== null
  return readSafeFile(isJson ? JSON.stringify(value) : text(value, name)).text
}

function address(value: unknown, name: string): string {
  return assertAddress(text(value, name), name)
}
