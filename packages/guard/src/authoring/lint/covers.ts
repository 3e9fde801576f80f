import type { AddressSet } from '../../policy/AddressSet.js'
import type { Rule, What } from '../../policy/Policy.js'

/**
 * Whether a rule matches everything that another rule matches. Returns false
 * when in doubt, so a rule reported as unreachable really is unreachable.
 */
export function covers(wide: Rule, narrow: Rule): boolean {
  const lists = ['callers', 'accounts', 'chains', 'types'] as const
  return (
    lists.every((name) => isWithin<unknown>(narrow[name], wide[name])) &&
    (wide.hours === undefined || isSame(wide.hours, narrow.hours)) &&
    feesWithin(narrow, wide) &&
    setWithin(narrow.recipients, wide.recipients) &&
    dangersWithin(narrow, wide) &&
    (wide.maxValidity === undefined ||
      (narrow.maxValidity !== undefined &&
        narrow.maxValidity <= wide.maxValidity)) &&
    whatWithin(narrow.what, wide.what)
  )
}

/** A missing list matches everything. */
const isWithin = <item>(
  narrow: readonly item[] | undefined,
  wide: readonly item[] | undefined,
): boolean =>
  wide === undefined || narrow?.every((one) => wide.includes(one)) === true

function setWithin(
  narrow: AddressSet | undefined,
  wide: AddressSet | undefined,
): boolean {
  if (wide === undefined) return true
  if (narrow === undefined) return false
  const isIn = (one: string) =>
    wide.onChain.has(one) || wide.everywhere.has(one.split(':')[1] ?? '')
  return (
    [...narrow.everywhere].every((one) => wide.everywhere.has(one)) &&
    [...narrow.onChain].every(isIn)
  )
}

function feesWithin(narrow: Rule, wide: Rule): boolean {
  return Object.entries(wide.fee).every(([name, most]) => {
    const own = narrow.fee[name as keyof Rule['fee']]
    return most === undefined || (own !== undefined && own <= most)
  })
}

/**
 * An allowing rule must list all dangers; a denying rule needs only one of
 * them.
 */
function dangersWithin(narrow: Rule, wide: Rule): boolean {
  if (wide.effect === 'allow')
    return (narrow.dangers ?? []).every((one) => wide.dangers?.includes(one))
  return (
    wide.dangers === undefined ||
    (narrow.effect === 'deny' && isWithin(narrow.dangers, wide.dangers))
  )
}

function whatWithin(narrow: What | undefined, wide: What | undefined): boolean {
  if (wide === undefined) return true
  if (narrow === undefined || narrow.kind !== wide.kind) return false
  if (narrow.kind === 'call' && wide.kind === 'call')
    return (
      setWithin(narrow.to, wide.to) &&
      (wide.functions === undefined ||
        isWithin(
          narrow.functions?.map(({ text }) => text),
          wide.functions.map(({ text }) => text),
        )) &&
      argumentsWithin(narrow, wide)
    )
  if (narrow.kind === 'typedData' && wide.kind === 'typedData')
    return (
      isWithin(narrow.kinds, wide.kinds) &&
      setWithin(narrow.contracts, wide.contracts) &&
      // Without a contract, the list of contracts has no meaning.
      narrow.without.every((one) => wide.without.includes(one)) &&
      argumentsWithin(narrow, wide)
    )
  if (narrow.kind === 'message' && wide.kind === 'message')
    return (
      isWithin(narrow.kinds, wide.kinds) &&
      isWithin(narrow.texts, wide.texts) &&
      isWithin(narrow.domains, wide.domains) &&
      isWithin(narrow.uris, wide.uris) &&
      (wide.minNonceLength === undefined ||
        (narrow.minNonceLength ?? 0) >= wide.minNonceLength)
    )
  if (narrow.kind === 'authorization' && wide.kind === 'authorization')
    return setWithin(narrow.delegates, wide.delegates)
  return true
}

type WithArguments = Extract<What, { args: unknown }>

function argumentsWithin(narrow: WithArguments, wide: WithArguments): boolean {
  const has = (list: readonly unknown[]) => (one: unknown) =>
    list.some((other) => isSame(one, other))
  return (
    wide.args.every(has(narrow.args)) &&
    wide.ratios.every(has(narrow.ratios)) &&
    // One rule may be able to count amounts that the other can't.
    isSame(narrow.spends, wide.spends)
  )
}

function isSame(one: unknown, other: unknown): boolean {
  return toText(one) === toText(other)
}

/** Cached, because each condition is compared with those of all other rules. */
const texts = new WeakMap<object, string>()

function toText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const known = texts.get(value)
  if (known !== undefined) return known
  const text = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint'
      ? `${each}n`
      : each instanceof Set
        ? [...each].sort()
        : each,
  )
  texts.set(value, text)
  return text
}
