import { AddressField, type Hex } from '@keyward/core'
import { localChain } from '../../policy/localChain.js'
import type { Policy, Rule } from '../../policy/Policy.js'
import { exampleAddresses, isExampleHost } from '../templates/examples.js'
import { type Finding, type Look, ruleAt, textsOf } from './Finding.js'

/** The accounts of the private keys 1 and 2, which our documentation shows. */
const documented = [
  '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
  '0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF',
]

const examples = new Set<string>(
  [...exampleAddresses, ...documented].map((address) => address.toLowerCase()),
)

/**
 * Finds placeholders of a template that must be replaced. On the local chain,
 * they do no harm.
 */
export const findExamples: Look = (policy, document) => {
  const level = isLocal(policy) ? 'warning' : 'error'
  return [...textsOf(document)].flatMap(([path, text]): Finding[] => {
    const base = { level, rule: ruleAt(path), path } as const
    if (examples.has(text.toLowerCase())) {
      const isToken = path.startsWith('tokens.')
      return [
        {
          ...{ ...base, code: 'example-address' },
          what: `${shorten(text)} is an example address.`,
          why: isToken
            ? "It is not the address of a token's contract."
            : 'Its private key is public, so anyone can take money that is sent to it.',
          fix:
            level === 'warning'
              ? 'Keep it for tests on the local chain only.'
              : isToken
                ? "Replace it with the address of the token's contract."
                : 'Replace it with your own address.',
        },
      ]
    }
    return /(?:^|\.)(?:domains|uris)\[/.test(path) && isExampleHost(text)
      ? [
          {
            ...{ ...base, code: 'example-domain' },
            what: `${text} is an example domain.`,
            why: 'No real site uses it.',
            fix: 'Replace it with your own domain.',
          },
        ]
      : []
  })
}

function isLocal({ rules, tokens }: Policy): boolean {
  const chains = [
    ...rules.flatMap((rule) => rule.chains ?? []),
    ...[...tokens.values()].map(({ chain }) => chain),
  ]
  return chains.length > 0 && chains.every((chain) => chain === localChain)
}

/**
 * Finds addresses without a checksum, in which a mistyped digit would result in
 * a different address.
 */
export const findUnchecked: Look = (_, document) =>
  [...textsOf(document)].flatMap(([path, text]): Finding[] => {
    if (!/^0x[0-9a-f]{40}$/.test(text) || !/[a-f]/.test(text.slice(2)))
      return []
    return [
      {
        ...{ code: 'no-checksum', level: 'warning', rule: ruleAt(path), path },
        what: `${text} has no checksum.`,
        why: 'Nobody would notice a mistyped digit.',
        fix: `If the address is correct, write ${AddressField.toChecksum(text as Hex)}.`,
      },
    ]
  })

/**
 * Finds shadow mode, in which a denied request is reported but still signed.
 */
export const findShadow: Look = ({ mode, rules }) => {
  const base = {
    code: 'shadow',
    level: 'warning',
    fix: 'When the log shows only refusals that you expect, set mode to enforce.',
  } as const
  const whole: Finding = {
    ...{ ...base, rule: null, path: 'mode' },
    what: 'The policy is in shadow mode: it refuses nothing.',
    why: 'Requests that it denies are logged, but still signed.',
  }
  const single = ({ id }: Rule): Finding => ({
    ...{ ...base, rule: id, path: `rules[${id}].mode` },
    what: 'The rule is in shadow mode: it allows nothing.',
    why: 'Requests that only this rule would allow are refused.',
  })
  return [
    ...(mode === 'shadow' ? [whole] : []),
    ...rules
      .filter((rule) => rule.mode === 'shadow' && rule.effect === 'allow')
      .map(single),
  ]
}

const shorten = (address: string) =>
  `${address.slice(0, 6)}...${address.slice(-4)}`
