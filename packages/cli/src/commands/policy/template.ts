import { Argument } from 'commander'
import type { Input } from '../../program/Input.js'

/** As `templates` of @keyward/guard has them; a test compares. */
const names = [
  'payouts',
  'bridge-relayer',
  'treasury',
  'trading-desk',
  'agent',
] as const

type TemplateName = (typeof names)[number]

/** Named here, so that help needs no evaluator. */
export const template: Input<TemplateName> = {
  declared: new Argument('<template>', 'the purpose of the key').choices(names),
  read: (typed) => typed as TemplateName,
}
