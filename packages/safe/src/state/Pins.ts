import {
  AddressField,
  BaseError,
  Fields,
  type Hex,
  HexField,
  type Parser,
} from '@keyward/core'
import type { SafeState } from './readState.js'

/**
 * A Safe's state when its owners agreed on it: at its creation, or when it was
 * adopted. A co-signer compares the current state with it before each
 * signature.
 */
export type Pins = Pick<
  SafeState,
  | 'singleton'
  | 'singletonCodeHash'
  | 'codeHash'
  | 'owners'
  | 'threshold'
  | 'modules'
  | 'guard'
  | 'fallbackHandler'
>

const names = [
  'singleton',
  'singletonCodeHash',
  'codeHash',
  'owners',
  'threshold',
  'modules',
  'guard',
  'fallbackHandler',
] as const satisfies readonly (keyof Pins)[]

/** @throws UnsupportedSafeError if its code is not version 1.3.0 or newer */
export function from(state: SafeState): Pins {
  if (state.version === undefined)
    throw new UnsupportedSafeError(state.singleton, state.singletonCodeHash)
  return Object.fromEntries(names.map((name) => [name, state[name]])) as Pins
}

/** The differences from the pins, in words. */
export function findChanges(pins: Pins, state: SafeState): string[] {
  return names.flatMap((name) => {
    const [was, is] = [pins[name], state[name]].map(toText)
    return was === is ? [] : [`${name} changed from ${was} to ${is}`]
  })
}

/** Sorts owners and modules, because the contract's order has no meaning. */
function toText(value: Pins[keyof Pins]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.toLowerCase()
  return value.length === 0
    ? 'none'
    : value
        .map((one) => one.toLowerCase())
        .sort()
        .join(', ')
}

/** Parses the pins in a file or an event. */
export const parse: Parser<Pins> = (value, path, problems) => {
  const fields = Fields.open(value, names, path, problems)
  if (fields === undefined) return undefined
  const addresses = Fields.list(AddressField.parse, 100)
  const before = problems.count()
  const pins = {
    singleton: fields.required('singleton', AddressField.parse),
    singletonCodeHash: fields.required('singletonCodeHash', HexField.fixed(32)),
    codeHash: fields.required('codeHash', HexField.fixed(32)),
    owners: fields.required('owners', addresses),
    threshold: fields.required('threshold', parseThreshold),
    modules: fields.required('modules', addresses),
    guard: fields.required('guard', AddressField.parse),
    fallbackHandler: fields.required('fallbackHandler', AddressField.parse),
  }
  return problems.count() === before ? (pins as Pins) : undefined
}

const parseThreshold: Parser<number> = (value, path, problems) =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  value >= 1 &&
  value <= 100
    ? value
    : problems.wrong(path, value, 'a number from 1 to 100')

/** The Safe runs unknown code. */
export class UnsupportedSafeError extends BaseError {
  constructor(singleton: Hex, codeHash: Hex) {
    super(
      'unsupported-safe',
      `The Safe runs the code at ${singleton}, which is not version 1.3.0 or 1.4.1 (its keccak256 is ${codeHash}).`,
      {
        details:
          "In older versions, signatures don't include the chain. Migrate the Safe to 1.4.1 with Safe's own tools.",
      },
    )
    this.name = 'UnsupportedSafeError'
  }
}

/** The Safe differs from the state that its owners agreed on. */
export class SafeChangedError extends BaseError {
  constructor(safe: Hex, changes: readonly string[]) {
    super('safe-changed', `The Safe ${safe} does not match its pins.`, {
      details: `${changes.map((change) => `- ${change}`).join('\n')}\nNothing was signed. If the owners changed the Safe, check the changes and pin it again with keyward safe adopt.`,
    })
    this.name = 'SafeChangedError'
  }
}
