import type { Hex } from '@keyward/core'
import { usageError } from '@keyward/toolkit'
import { list, number, required, text, toggle } from '../../program/Input.js'
import {
  parseAddress,
  parseCaller,
  parseFileToBe,
  parseStack,
} from '../../program/parsers.js'
import { parseDanger, parseHash } from './parseSafe.js'

// Inputs that several commands share, with the same wording.

export const newSafeFile = required(
  text('--safe-file <file>', 'where to write the pins', parseFileToBe),
)

export const force = toggle('--force', 'overwrite an existing file')

/** Dangers that must not stop a transaction from being signed or sent. */
export const openInputs = {
  open: list(
    '--open <danger>',
    'a danger to open (allow); can be repeated',
    parseDanger,
  ),
  openCall: list(
    '--open-call <address>',
    'open (allow) unknown calls to this address; can be repeated',
    parseAddress,
  ),
}

/** The multisig's functions that are used instead of files and keys. */
export const stackInputs = {
  stack: text(
    '--stack <name>',
    'use the functions of this multisig stack instead of files and keys',
    parseStack,
  ),
  caller: text(
    '--caller <alias>',
    "with --stack: your alias of the stack's functions",
    parseCaller,
  ),
}

export const owner = number(
  '--owner <n>',
  'with --stack: number of the owner whose co-signer signs',
  { min: 1, max: 100 },
)

export const proposal = text(
  '[proposal]',
  'with --stack: the hash of the Safe transaction',
  parseHash,
)

/** These three are required without a stack. */
export const safeFile = text(
  '--safe-file <file>',
  "the safe file, with the Safe's address and pins",
)
export const bundle = text('--in <file>', "the proposal's file")
export const newBundle = text(
  '--out <file>',
  'where to write the proposal',
  parseFileToBe,
)

/** Ends the command if a value doesn't apply. */
export function assertNone<options extends object>(
  options: options,
  names: readonly (keyof options & string)[],
  beside: string,
): void {
  for (const name of names) {
    const value: unknown = options[name]
    const isGiven = Array.isArray(value) ? value.length > 0 : value
    if (isGiven !== undefined && isGiven !== false)
      usageError(`${flagOf(name)} can't be used ${beside}.`)
  }
}

function flagOf(name: string): string {
  if (name === 'proposal') return '[proposal]'
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Ends the command if a value is missing. */
export function need<value>(value: value | undefined, what: string): value {
  return value ?? usageError(`pass ${what}.`)
}

/** A stack's proposals are identified by their hash. */
export const needHash = (value: Hex | undefined): Hex =>
  need(value, 'the hash of the proposal, which --stack requires')
