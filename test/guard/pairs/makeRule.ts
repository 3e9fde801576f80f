import { checksumAddress } from 'viem'
import type { Action } from '../second/Action.js'
import type { Asked } from '../second/Asked.js'
import type { Arguments, Document, Rule } from '../second/Document.js'
import { feesOf } from '../second/fees.js'
import { knownDangers } from '../second/specification.js'
import { named } from '../second/tokens.js'
import { conditionsOf, pathsOf } from './makeCondition.js'
import { domains, uris } from './makeMessage.js'
import type { Random } from './Random.js'
import { callers, chains, localChain, payees } from './world.js'

export type World = Omit<Document, 'rules'>

/**
 * A rule about the actions, of one kind: mostly with conditions that they
 * fulfil, now and then with one that they don't.
 *
 * @param share - Of the conditions that a rule may leave out
 */
export function makeRule(
  id: string,
  effect: 'allow' | 'deny',
  actions: readonly Action[],
  { request, ...asked }: Asked,
  world: World,
  random: Random,
  share: number,
): Rule {
  const { chance, pick, some } = random
  const first = actions[0]!
  const allows = effect === 'allow'
  const may = () => chance(share)
  const list = (of: readonly (string | undefined)[]) =>
    makeList(of, first.chain, world, random)
  const rule: Rule = { id, ...((!allows || chance(0.3)) && { effect }) }
  const needsChain = !['message', 'digest'].includes(first.kind)
  const all = [...chains, localChain]
  const isLocal = first.chain === BigInt(localChain)
  if (allows || chance(0.85)) Object.assign(rule, what())
  if (allows && rule.call?.to === 'any') rule.chains = [localChain]
  else if ((allows && needsChain) || may())
    rule.chains = chance(0.95) ? all : [pick(all), 5]
  if (may()) rule.callers = [asked.caller ?? 'ops', ...some(callers, 0.3)]
  if (may()) rule.accounts = [asked.account ?? payees[0]!]
  if (may()) rule.hours = makeHours(new Date(asked.facts.time), random)
  if (request.kind === 'transaction') {
    const { type } = request.transaction
    const usual = ['legacy', 'eip2930', 'eip1559'].includes(type)
    if (usual ? may() : chance(0.8)) rule.types = [type, pick(['legacy'])]
    if (rule.types) rule.types = [...new Set(rule.types)]
    if (may()) {
      const fees = Object.entries(feesOf(request.transaction))
      rule.fee = Object.fromEntries(
        some(fees, 0.4).map(([name, amount]) => [name, near(amount, random)]),
      )
    }
  }
  if (may()) {
    const flows = actions.flatMap(({ flows, to, kind }) =>
      kind === 'payment'
        ? [to]
        : flows === 'unknown'
          ? []
          : flows.map((one) => one.recipient),
    )
    rule.recipients = list(flows.length > 0 ? flows : [pick(payees)])
  }
  if (allows) {
    const dangers = new Set(actions.flatMap((one) => one.dangers))
    const listed = [...dangers].filter(() => chance(0.95))
    if (listed.length > 0 || may())
      rule.dangers = [...new Set([...listed, pick(knownDangers)])]
    const latest = actions
      .flatMap((one) => one.deadlines)
      .map(
        (one) => Number(one) - Math.floor(Date.parse(asked.facts.time) / 1000),
      )
      .filter((one) => one >= 0 && one <= 1_000_000)
    if (latest.length > 0 && chance(0.6))
      rule.maxValidity = Math.max(
        0,
        Math.max(...latest) + pick([0, 0, 0, -1, 1]),
      )
    if (first.deadlines.length > 0 && chance(0.15))
      rule.maxValidity = 'unlimited'
    const windows = Object.keys(world.windows ?? {})
    if (windows.length > 0 && chance(0.6))
      rule.windows = some([...windows, ...some(windows, 0.1)], 0.6)
  } else if (may() && first.dangers.length > 0)
    rule.dangers = [pick(first.dangers), pick(knownDangers)]
  else if (may()) rule.dangers = [pick(knownDangers)]
  if (rule.dangers) rule.dangers = [...new Set(rule.dangers)]
  return rule

  function what(): Partial<Rule> {
    switch (first.kind) {
      case 'payment':
      case 'create':
      case 'digest':
        return { [first.kind]: {} }
      case 'call':
        return {
          call: {
            ...((allows || may()) && {
              to: chance(isLocal ? 0.5 : 0.02)
                ? 'any'
                : list(actions.map((one) => one.to)),
            }),
            ...((allows || may()) && { functions: functions() }),
            ...args(),
          },
        }
      case 'typedData': {
        const { kind, primaryType, lacks } = first.typedData!
        const kinds =
          kind ?? (world.types?.[primaryType] ? primaryType : 'Permit')
        // A rule on another kind can't name the arguments of this one.
        const fits = chance(0.95)
        return {
          typedData: {
            ...((allows || may()) && {
              kinds: fits ? [kinds, 'SafeMessage'] : ['Order:1inch'],
            }),
            ...(may() && { contracts: list([first.to]) }),
            ...(chance(0.9) && { without: some(lacks, 0.95) }),
            ...(kind && fits && args()),
          },
        }
      }
      case 'message': {
        const { kind, text, signIn } = first.message!
        return {
          message: {
            kinds: chance(0.96) ? [kind, 'text'] : ['bytes'],
            ...(text && may() && { texts: [text, 'x'] }),
            ...(signIn &&
              may() && { domains: [pick([signIn.domain, ...domains])] }),
            ...(signIn && may() && { uris: [pick([signIn.uri, ...uris])] }),
            ...(signIn && may() && { minNonceLength: pick([8, 9, 32]) }),
          },
        }
      }
      case 'authorization':
        return {
          authorization: {
            ...((allows || may()) && { delegates: list([first.to]) }),
          },
        }
    }
  }

  function functions(): 'any' | string[] {
    const signatures = actions.flatMap(({ signature }) => signature ?? [])
    if (signatures.length === 0 && chance(0.8)) return 'any'
    if (chance(0.1)) return 'any'
    const names = signatures.map(({ text, name }) =>
      chance(0.6) ? text : name,
    )
    return [...new Set([...names, pick(['transfer', 'approve', 'multicall'])])]
  }

  function args(): Arguments {
    const made: Arguments = {}
    const from = first.args
    const paths = from ? pathsOf(from) : []
    const numbers = paths.filter(([, one]) => one.is === 'number')
    const to = paths.filter(([, one]) => one.is === 'address')
    const seconds = Math.floor(Date.parse(asked.facts.time) / 1000)
    if (from && paths.length > 0 && chance(0.55))
      made.args = conditionsOf(from, random, seconds)
    const assets = ['native', ...Object.keys(world.tokens ?? {})]
    if (numbers.length > 1 && chance(0.25)) {
      const [of, over] = [pick(numbers), pick(numbers)]
      made.ratios = [
        {
          of: of[0],
          ofAsset: pick(assets),
          to: over[0],
          toAsset: pick(assets),
          ...(chance(0.8) && { atLeast: pick(['0', '0.000001', '1', '1.5']) }),
          atMost: pick(['1', '1000000000000', '1000000000000000000000000.5']),
        },
      ]
    }
    const counted = Object.values(world.windows ?? {})
      .map(({ asset }) => asset)
      .filter((asset) => asset !== 'requests')
    const unknown = actions.some(({ flows }) => flows === 'unknown')
    if (chance(unknown ? 0.92 : 0.12))
      made.spends =
        numbers.length === 0 || chance(0.25)
          ? chance(0.8)
            ? 'unknown'
            : []
          : [
              {
                asset: pick(counted.length > 0 ? counted : assets),
                amount: pick(numbers)[0],
                ...(to.length > 0 && chance(0.7) && { recipient: pick(to)[0] }),
              },
            ]
    return made
  }
}

export const near = (amount: bigint, { pick }: Random) => {
  const limit = amount + pick([0n, 0n, 0n, 1n, 1000n, -1n])
  return `${limit < 0n ? 0n : limit}`
}

function makeList(
  of: readonly (string | undefined)[],
  chain: bigint | undefined,
  world: World,
  { chance, pick }: Random,
): string[] {
  const list = [...new Set(of)].flatMap((address) => {
    if (address === undefined || chance(0.03)) return []
    const token = named(world as Document, chain, address)
    if (token && chance(0.6)) return token.id
    for (const [name, members] of Object.entries(world.groups ?? {}))
      if (chance(0.5) && members.some((one) => one === address)) return name
    return chance(0.5) ? address : checksumAddress(address as `0x${string}`)
  })
  return [...new Set([...list, ...(list.length === 0 ? [pick(payees)] : [])])]
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function makeHours(time: Date, random: Random): NonNullable<Rule['hours']> {
  const { chance, pick } = random
  const minute = time.getUTCHours() * 60 + time.getUTCMinutes()
  const clock = (at: number) =>
    `${`${Math.floor(at / 60)}`.padStart(2, '0')}:${`${at % 60}`.padStart(2, '0')}`
  const from = Math.max(0, Math.min(1438, minute + pick([0, -1, -60, 1])))
  const to = Math.max(from + 1, Math.min(1440, minute + pick([1, 60, 0])))
  return [
    {
      ...(chance(0.5) && {
        days: [days[time.getUTCDay()]!, 'mon'].filter(
          (one, at, all) => all.indexOf(one) === at,
        ),
      }),
      ...(chance(0.6) && { from: clock(from) }),
      ...(chance(0.6) && { to: clock(to) }),
    },
    ...(chance(0.1) ? [{ days: ['sat'] }] : []),
  ].map((one) => ({ ...one }))
}
