import { Fields, type Parser } from '@keyward/core'
import { areSound, maxLength } from '../../abi/readCall.js'
import { parse, type Signature } from '../../abi/Signature.js'
import { known } from '../../calls/explain.js'
import { kinds } from '../../typedData/kinds.js'
import type { MessageKind, What } from '../Policy.js'
import { checkPaths } from './checkPaths.js'
import { addresses, type Names } from './Names.js'
import { argumentNames, readArguments } from './parseArguments.js'
import * as values from './values.js'

export const whats = [
  'payment',
  'call',
  'create',
  'typedData',
  'message',
  'authorization',
  'digest',
] as const

const messageKinds: readonly MessageKind[] = [
  'text',
  'sign-in',
  'bytes',
  'hash',
  'typed-data-hash',
  'transaction',
]

/**
 * Reads the kind of action that a rule applies to, and its specific conditions.
 */
export function readWhat(
  kind: (typeof whats)[number],
  isDeny: boolean,
  names: Names,
): Parser<What> {
  return (value, path, problems) => {
    const open = (known: readonly string[]) =>
      Fields.open(value, known, path, problems)
    const set = addresses(names)
    switch (kind) {
      case 'call': {
        const fields = open(['to', 'functions', ...argumentNames])
        if (fields === undefined) return undefined
        // Undefined means any contract.
        const to =
          fields.raw('to') === 'any'
            ? undefined
            : isDeny
              ? fields.optional('to', set)
              : fields.required('to', set)
        const functions = fields.raw('functions')
        if (functions === undefined && !isDeny)
          problems.add(
            fields.path('functions'),
            'is missing; allowed: a list of functions, or "any"',
          )
        const isAny = functions === undefined || functions === 'any'
        const named = isAny
          ? undefined
          : fields
              .required('functions', Fields.list(functionsOf(names), 200))
              ?.flat()
        const what: What = {
          ...{ kind, to, ...readArguments(fields, names) },
          functions: named,
        }
        if (isAny || named !== undefined)
          checkPaths(what, names, path, problems)
        return what
      }
      case 'typedData': {
        const fields = open(['kinds', 'contracts', 'without', ...argumentNames])
        if (fields === undefined) return undefined
        const list = Fields.list(kindOf(names), 50)
        const without = ['chainId', 'verifyingContract'] as const
        const what: What = {
          ...{ kind, ...readArguments(fields, names) },
          kinds: isDeny
            ? fields.optional('kinds', list)
            : fields.required('kinds', list),
          contracts: fields.optional('contracts', set),
          without:
            fields.optional('without', Fields.list(values.oneOf(without), 2)) ??
            [],
        }
        checkPaths(what, names, path, problems)
        return what
      }
      case 'message': {
        const fields = open([
          'kinds',
          'texts',
          'domains',
          'uris',
          'minNonceLength',
        ])
        if (fields === undefined) return undefined
        const texts = Fields.list(values.text(10_000), 100)
        const labels = Fields.list(values.label(10_000), 100)
        return {
          kind,
          kinds:
            fields.required(
              'kinds',
              Fields.list(values.oneOf(messageKinds), 10),
            ) ?? [],
          texts: fields.optional('texts', texts),
          domains: fields.optional('domains', labels),
          uris: fields.optional('uris', labels),
          minNonceLength: fields.optional(
            'minNonceLength',
            values.integer(8, 1000),
          ),
        }
      }
      case 'authorization': {
        const fields = open(['delegates'])
        return (
          fields && {
            kind,
            delegates: isDeny
              ? fields.optional('delegates', set)
              : fields.required('delegates', set),
          }
        )
      }
      default:
        return open([]) && { kind }
    }
  }
}

/** Parses a function by its signature, or all functions with a name. */
function functionsOf({ functions }: Names): Parser<Signature[]> {
  const all = [...known.values(), ...functions]
  return (value, path, problems) => {
    const found = all.filter((one) => one.text === value || one.name === value)
    return found.length > 0
      ? found
      : problems.wrong(
          path,
          value,
          'a function that Keyward knows or the policy declares, such as transfer or transfer(address,uint256)',
        )
  }
}

function kindOf({ types }: Names): Parser<string> {
  return (value, path, problems) =>
    typeof value === 'string' &&
    (Object.hasOwn(kinds, value) || types.has(value))
      ? value
      : problems.wrong(
          path,
          value,
          `${[...Object.keys(kinds), ...types.keys()].join(', ')}`,
        )
}

/** `swap(address tokenIn,uint256 amountIn)`. */
export const declaredFunction: Parser<Signature> = (value, path, problems) => {
  try {
    if (
      typeof value === 'string' &&
      /^[A-Za-z_$][\w$]*\([\w$,()[\] ]{0,2000}\)$/.test(value)
    ) {
      const read = parse(value)
      if (areSound(read.inputs)) return read
    }
  } catch {
    // The function has an unknown type.
  }
  return problems.wrong(
    path,
    value,
    `a function such as swap(address tokenIn,uint256 amountIn); argument names must differ, and fixed list lengths must be from 1 to ${maxLength}`,
  )
}
