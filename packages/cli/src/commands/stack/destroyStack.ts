import { LambdaClient } from '@aws-sdk/client-lambda'
import { InputError } from '@keyward/core/errors'
import { note, shellWord } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  connectAws,
  partitionOf,
  seen,
} from '@keyward/toolkit/aws'
import { waitForOthers } from '@keyward/toolkit/deploy'
import {
  BalanceUncheckedError,
  type Chain,
  checkFunds,
  connectBreakGlass,
  FundsRemainError,
  fatesOf,
  findRemains,
  Plan,
  parseAlsoNetwork,
  parseTokens,
  type Remains,
  removeLogGroup,
  removeStack,
  retireKey,
  StackProtectedError,
  whoRetires,
  withFunds,
} from '@keyward/toolkit/destroy'
import { rpcUrls } from '@keyward/toolkit/node'
import type { Step } from '@keyward/toolkit/stack'
import {
  connectCloudFormation,
  environments,
  isRetained,
  pinOf,
  readAddress,
  readKeyState,
  removalCommands,
  StackName,
} from '@keyward/toolkit/stack'
import { destroyPlanText } from '../../output/destroyPlanText.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

export type DestroyOptions = {
  stack?: string | undefined
  rpcUrl?: string | undefined
  /** Contracts of tokens to look for. */
  token: readonly string[]
  /** `name=url` of chains to look at too. */
  alsoNetwork: readonly string[]
  evenWithFunds: boolean
  withoutBalanceCheck: boolean
  breakGlassProfile?: string | undefined
  deleteImportedMaterial: boolean
  windowDays: number
  keepLogs: boolean
  dryRun: boolean
  yes: boolean
}

/**
 * Takes a stack away: the key is disabled and scheduled for deletion, the
 * functions and their logs are removed. First everything is told and the
 * account's funds are looked for. What was done already is left as it is.
 */
export async function destroyStack(
  terminal: Terminal,
  options: DestroyOptions,
): Promise<Result> {
  const also = options.alsoNetwork.map(parseAlsoNetwork)
  const tokens = parseTokens(options.token)
  const urls = rpcUrls(terminal, options.rpcUrl)
  if (options.stack !== undefined) StackName.assert(options.stack)
  const connection = await connectAws(terminal)
  let breakGlass: AwsConnection | undefined
  try {
    const { target } = connection
    const name = options.stack ?? StackName.standard(target.kind)
    const { dryRun, yes, breakGlassProfile: profile } = options
    const action = `destroys ${name}`
    if (!dryRun) terminal.assertAskable({ target, action, yes })
    // Before anything is done, and before anybody waits.
    if (profile !== undefined)
      breakGlass = await connectBreakGlass(terminal, connection, profile)
    const client = await connectCloudFormation(connection)
    if (!dryRun) await waitForOthers(terminal, client, target, name)
    const remains = await findRemains(client, target, name)
    const plan = await makePlan(options, {
      ...{ connection, breakGlass, remains, urls, also, tokens },
    })
    if (dryRun) {
      const style = styleFor(terminal.stdout, terminal.env)
      const text = `${destroyPlanText(plan, style)}\n\nNothing was done.`
      return { data: { ...Plan.toJson(plan), dryRun: true }, text }
    }
    const style = styleFor(terminal.stderr, terminal.env)
    note(terminal, `\n${destroyPlanText(plan, style)}\n`)
    assertMayGo(plan, remains, options)
    await terminal.confirm({ target, action, yes })

    const steps: Step.Step[] = []
    if (plan.key.fate === 'schedule')
      steps.push(...(await keySteps(plan, breakGlass, options)))
    if (!remains.gone)
      steps.push(await removeStack(terminal, connection, client, remains.stack))
    // While functions run they make their log groups anew.
    if (steps.every(({ kind, done }) => done || kind !== 'stack'))
      for (const { type, id, fate } of plan.fates)
        if (type === 'AWS::Logs::LogGroup' && fate === 'remove')
          steps.push(await removeLogGroup(connection, id))
    return await report(terminal, connection, breakGlass, plan, steps, options)
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    breakGlass?.close()
    connection.close()
  }
}

async function makePlan(
  options: DestroyOptions,
  found: {
    connection: AwsConnection
    breakGlass: AwsConnection | undefined
    remains: Remains
    urls: readonly string[] | undefined
    also: readonly Chain[]
    tokens: readonly string[]
  },
): Promise<Plan.Plan> {
  const { connection, breakGlass, remains, urls, also, tokens } = found
  const { stack, template, parts } = remains
  const arn = arnOf(connection, stack.outputs.KeyArn ?? parts.key)
  const state =
    seen(await readKeyState(connection.kms, arn)) ??
    (breakGlass && seen(await readKeyState(breakGlass.kms, arn)))
  if (options.deleteImportedMaterial && state?.origin === 'AWS_KMS')
    throw new InputError('The key has no imported material to delete.', {
      details: 'KMS made it itself. Leave --delete-imported-material out.',
    })
  const fate = keyFate(remains)
  const pin = template && pinOf(template)
  const lambda = connection.open(LambdaClient)
  const functions = remains.gone ? [] : parts.functions.map(({ name }) => name)
  const asked = await readAddress(connection.kms, lambda, arn, functions)
  // A pin that is another account's would have us look at the wrong one.
  const mispinned = asked.address === undefined && asked.mispinned
  const address = asked.address ?? (mispinned ? undefined : pin)
  const network = [...environments(template ?? {}).values()].find(
    ({ ETH_NETWORK }) => ETH_NETWORK !== undefined,
  )?.ETH_NETWORK
  const chains = [
    ...(typeof network === 'string' ? [{ network, urls }] : []),
    ...also,
  ]
  // A key that goes already, or stays, loses nothing by this command.
  const atRisk = fate !== 'keep' && state?.state !== 'PendingDeletion'
  return {
    stack: stack.name,
    status: stack.status,
    fates: fatesOf(remains, options.keepLogs),
    key: { arn, state, fate },
    windowDays: options.windowDays,
    address,
    unknown: 'reason' in asked ? asked.reason : undefined,
    chains:
      !atRisk || options.withoutBalanceCheck
        ? undefined
        : address === undefined
          ? []
          : await checkFunds(address, chains, tokens),
  }
}

function keyFate({
  stack,
  template,
  parts,
}: Remains): Plan.Plan['key']['fate'] {
  if (!parts.ownKey) return 'keep'
  const key = stack.resources.find(({ type }) => type === 'AWS::KMS::Key')
  const retained =
    template === undefined || isRetained(template, key?.logicalId ?? '')
  return retained ? 'schedule' : 'with-stack'
}

function arnOf({ account, region }: AwsConnection, key: string): string {
  if (key.startsWith('arn:')) return key
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${key}`
}

/** @throws FundsRemainError, BalanceUncheckedError, StackProtectedError */
function assertMayGo(
  { address, unknown, chains }: Plan.Plan,
  { stack, gone }: Remains,
  options: DestroyOptions,
): void {
  if (stack.terminationProtection && !gone)
    throw new StackProtectedError(stack.name)
  if (chains === undefined) return
  const held = withFunds(chains)
  if (held.length > 0 && !options.evenWithFunds)
    throw new FundsRemainError(address ?? 'The account', held)
  const reasons = [
    ...(address === undefined
      ? [`Which account it is could not be asked of KMS: ${unknown}.`]
      : []),
    ...(address !== undefined && chains.length === 0
      ? ['The network of the functions is not known.']
      : []),
    ...chains.flatMap((answer) =>
      'unknown' in answer
        ? [`${answer.network}: ${answer.unknown}`]
        : answer.found.tokens
            .filter(
              ({ amount, address: token }) =>
                amount === undefined &&
                parseTokens(options.token).includes(token),
            )
            .map(
              ({ address: token }) =>
                `${answer.network}: the contract ${token} did not say`,
            ),
    ),
  ]
  if (reasons.length > 0) throw new BalanceUncheckedError(reasons)
}

async function keySteps(
  { key }: Plan.Plan,
  breakGlass: AwsConnection | undefined,
  options: DestroyOptions,
): Promise<Step.Step[]> {
  if (breakGlass !== undefined)
    return retireKey(breakGlass.kms, key.arn, options)
  if (key.state?.state === 'PendingDeletion' && !options.deleteImportedMaterial)
    return [
      {
        kind: 'key',
        part: key.arn,
        done: true,
        note: 'is scheduled for deletion already',
      },
    ]
  return [
    {
      kind: 'key',
      part: key.arn,
      done: false,
      note: 'no --break-glass-profile was given',
      runAs: whoRetires,
    },
  ]
}

async function report(
  terminal: Terminal,
  { kms }: AwsConnection,
  breakGlass: AwsConnection | undefined,
  plan: Plan.Plan,
  steps: readonly Step.Step[],
  options: DestroyOptions,
): Promise<Result> {
  const { red, green } = styleFor(terminal.stdout, terminal.env)
  const { arn } = plan.key
  const state =
    seen(await readKeyState(breakGlass?.kms ?? kms, arn)) ?? plan.key.state
  const left = steps.filter(({ done }) => !done)
  const until = state?.deletionDate?.toISOString().slice(0, 10)
  const costs = stillCosts(plan, state?.state, options)
  const commands = removals(plan, options)
  const keyLeft = left.some(({ kind }) => kind === 'key')
  return {
    data: {
      ...Plan.toJson(plan),
      steps,
      complete: left.length === 0,
      keyState: state?.state ?? null,
      cancelUntil: state?.deletionDate?.toISOString() ?? null,
      stillCosts: costs,
      removeBy: commands,
    },
    text: [
      ...steps.map(
        ({ part, done, note: text }) =>
          `${done ? green('done') : red('LEFT')}  ${part}  ${text}`,
      ),
      ...(steps.length === 0
        ? [`Nothing of ${plan.stack} is left to do.`]
        : []),
      '',
      ...(until === undefined
        ? []
        : [
            `KMS destroys the key on ${until}. Until then an administrator of it can take that back:`,
            `  keyward key cancel-deletion --key ${shellWord(arn)}`,
          ]),
      costs.length === 0
        ? 'Nothing of it costs money any more.'
        : 'Still costs money:',
      ...costs.map((each) => `  ${each}`),
      ...(commands.length === 0
        ? []
        : [
            'Who needs none of it removes it, and the ledger only with the key:',
            ...commands.map((each) => `  ${each}`),
          ]),
      ...(keyLeft
        ? [
            '',
            red('The key is still there.'),
            `With a profile of ${whoRetires}:`,
            `  ${commandFor(plan.stack, options)}`,
          ]
        : []),
      ...left
        .filter(({ kind, runAs }) => kind !== 'key' && runAs !== undefined)
        .map(({ part, runAs }) => `For ${part}, run it again as ${runAs}.`),
    ].join('\n'),
    exitCode: left.length === 0 ? 0 : 3,
  }
}

/** How to go on; without the URL of a node, which may hold a key. */
function commandFor(stack: string, options: DestroyOptions): string {
  return [
    `keyward destroy --stack ${stack} --break-glass-profile PROFILE`,
    ...(options.windowDays === 30
      ? []
      : [`--window-days ${options.windowDays}`]),
    ...(options.deleteImportedMaterial ? ['--delete-imported-material'] : []),
    ...(options.evenWithFunds ? ['--even-with-funds'] : []),
    ...(options.withoutBalanceCheck ? ['--without-balance-check'] : []),
    ...(options.keepLogs ? ['--keep-logs'] : []),
  ].join(' ')
}

function stillCosts(
  { key, fates }: Plan.Plan,
  state: string | undefined,
  { keepLogs }: DestroyOptions,
): string[] {
  const others = fates.filter(
    ({ fate, type }) =>
      fate === 'stay' &&
      !['AWS::KMS::Key', 'AWS::Logs::LogGroup'].includes(type),
  )
  return [
    ...(state === 'PendingDeletion'
      ? []
      : [
          `the key ${key.arn}, by the month (${state ?? 'its state may not be seen'})`,
        ]),
    ...(keepLogs ? ['the logs of the functions, by size'] : []),
    ...others.map(({ type, id }) => `${id} (${type})`),
  ]
}

/** Of what stays; the key has words of its own. */
function removals({ fates }: Plan.Plan, { keepLogs }: DestroyOptions) {
  return fates
    .filter(({ fate, type }) => fate === 'stay' && type !== 'AWS::KMS::Key')
    .filter(({ type }) => keepLogs || type !== 'AWS::Logs::LogGroup')
    .flatMap(({ type, id }) => removalCommands(type, id))
}
