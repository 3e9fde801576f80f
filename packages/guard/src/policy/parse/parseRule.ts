import { Fields, type Hex, type Parser } from '@keyward/core'
import { names as dangerNames } from '../../actions/Danger.js'
import { localChain } from '../localChain.js'
import type { FeeCaps, Hours, Rule, What } from '../Policy.js'
import { addresses, asset, type Names } from './Names.js'
import { readWhat, whats } from './parseWhat.js'
import * as values from './values.js'

const shared = [
  ...['id', 'effect', 'mode', 'note', 'callers', 'accounts', 'chains'],
  ...['hours', 'types', 'fee', 'recipients', 'dangers'],
]
const ofAllows = ['maxPerRequest', 'maxValidity', 'windows']

const transactionTypes = [
  'legacy',
  'eip2930',
  'eip1559',
  'eip4844',
  'eip7702',
] as const
/**
 * Types without special effects. To allow any other type, a rule must list it.
 */
const plainTypes = ['legacy', 'eip2930', 'eip1559']

/**
 * The default in seconds, because a signature must not stay usable for long.
 */
const defaultValidity = 3600n

/** Kinds of request whose chain is known. */
const onChains = ['payment', 'call', 'create', 'typedData', 'authorization']

export function parseRule(names: Names): Parser<Rule> {
  return (value, path, problems) => {
    const fields = Fields.open(
      value,
      [...shared, ...ofAllows, ...whats],
      path,
      problems,
    )
    if (fields === undefined) return undefined
    const effect =
      fields.optional('effect', values.oneOf(['allow', 'deny'] as const)) ??
      'allow'
    const isDeny = effect === 'deny'
    for (const one of ofAllows)
      if (isDeny && fields.has(one))
        problems.add(fields.path(one), 'is only for allow rules')
    const about = whats.filter((one) => fields.has(one))
    if (about.length > 1 || (about.length === 0 && !isDeny))
      problems.add(path, `needs exactly one of ${whats.join(', ')}`)
    const [kind] = about
    const what: What | undefined =
      kind && fields.optional(kind, readWhat(kind, isDeny, names))
    const chains = Fields.list(values.chain, 100)
    const needsChain = !isDeny && kind !== undefined && onChains.includes(kind)
    const isAnyContract =
      !isDeny && Object(fields.raw('call') ?? {}).to === 'any'
    return {
      id: fields.required('id', values.name) ?? '',
      effect,
      mode:
        fields.optional('mode', values.oneOf(['enforce', 'shadow'])) ??
        'enforce',
      callers: fields.optional('callers', Fields.list(values.caller, 1000)),
      accounts: fields.optional(
        'accounts',
        Fields.list<Hex>(values.address, 1000),
      ),
      chains: isAnyContract
        ? fields.required('chains', localOnly)
        : needsChain
          ? fields.required('chains', chains)
          : fields.optional('chains', chains),
      hours: fields.optional('hours', Fields.list(hours, 50)),
      types:
        fields.optional(
          'types',
          Fields.list(values.oneOf(transactionTypes), 5),
        ) ?? (isDeny ? undefined : plainTypes),
      fee: fields.optional('fee', feeCaps) ?? {},
      maxPerRequest:
        fields.optional('maxPerRequest', perAsset(names)) ?? new Map(),
      recipients: fields.optional('recipients', addresses(names)),
      dangers: fields.optional(
        'dangers',
        Fields.list(values.oneOf(dangerNames), 50),
      ),
      maxValidity: isDeny
        ? undefined
        : fields.raw('maxValidity') === 'unlimited'
          ? undefined
          : (fields.optional('maxValidity', validity) ?? defaultValidity),
      // A window that is named twice counts once.
      windows: [
        ...new Set(
          fields.optional('windows', Fields.list(windowOf(names), 20)),
        ),
      ],
      what,
    }
  }
}

/** Calls of any contract are allowed only where money has no value. */
const localOnly: Parser<bigint[]> = (value, path, problems) => {
  const isLocal =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => one === Number(localChain))
  return isLocal
    ? [localChain]
    : problems.wrong(
        path,
        value,
        `[${localChain}] (the local chain) if "to" is "any"; on other ` +
          'chains, list the contracts in "to"',
      )
}

const validity: Parser<bigint> = (value, path, problems) =>
  typeof value === 'number'
    ? values.seconds(value, path, problems)
    : problems.wrong(path, value, 'a JSON number of seconds, or "unlimited"')

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const hours: Parser<Hours> = (value, path, problems) => {
  const fields = Fields.open(value, ['days', 'from', 'to'], path, problems)
  if (fields === undefined) return undefined
  const days = fields.optional('days', Fields.list(values.oneOf(dayNames), 7))
  const from = fields.optional('from', minutes) ?? 0
  const to = fields.optional('to', minutes) ?? 1440
  if (from >= to)
    problems.add(
      path,
      'must end after it begins; a period across midnight needs two entries',
    )
  return { days: days?.map((day) => dayNames.indexOf(day)), from, to }
}

const minutes: Parser<number> = (value, path, problems) => {
  const match =
    typeof value === 'string' ? /^(\d\d):([0-5]\d)$/.exec(value) : null
  const read = Number(match?.[1]) * 60 + Number(match?.[2])
  return match !== null && read <= 1440
    ? read
    : problems.wrong(path, value, 'a time of day in UTC, "00:00" to "24:00"')
}

const feeCaps: Parser<FeeCaps> = (value, path, problems) => {
  const caps = ['maxFee', 'maxGas', 'maxFeePerGas', 'maxFeePerBlobGas'] as const
  const fields = Fields.open(value, caps, path, problems)
  return (
    fields &&
    Object.fromEntries(
      caps.map((cap) => [cap, fields.optional(cap, values.amount())]),
    )
  )
}

function perAsset(names: Names): Parser<Map<string, bigint>> {
  return (value, path, problems) => {
    const assets =
      typeof value === 'object' && value !== null ? Object.keys(value) : []
    const fields = Fields.open(value, assets, path, problems)
    const read = new Map<string, bigint>()
    for (const one of assets) {
      const known = asset(names)(one, fields?.path(one) ?? path, problems)
      const limit = fields?.required(one, values.amount())
      if (known !== undefined && limit !== undefined) read.set(known, limit)
    }
    return read
  }
}

function windowOf({
  windows,
}: Names): Parser<
  Names['windows'] extends ReadonlyMap<string, infer W> ? W : never
> {
  return (value, path, problems) =>
    windows.get(value as string) ??
    problems.wrong(
      path,
      value,
      `${[...windows.keys()].join(', ') || 'nothing, because the policy has no windows'}`,
    )
}
