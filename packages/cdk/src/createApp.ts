import { App, aws_logs as logs, type StackProps } from 'aws-cdk-lib'
import { KeywardStack, type KeywardStackProps } from './KeywardStack.js'

/** What may be set by `-c name=value` or in cdk.json, and how it is read. */
const readers: Record<
  Exclude<
    keyof KeywardStackProps,
    // Of the first a stack has its own; the others are constructs.
    keyof StackProps | 'vpc' | 'codeSigningConfig'
  >,
  (value: unknown, name: string) => unknown
> = {
  network: text,
  logLevel: oneOf('DEBUG', 'INFO', 'WARN', 'ERROR'),
  logRetention: days,
  alias: text,
  administrators: list,
  users: list,
  importers: list,
  breakGlass: list,
  deployers: list,
  origin: oneOf('AWS_KMS', 'EXTERNAL'),
  importExpiration: oneOf('never', 'required', 'any'),
  minimumDeletionWindowDays: number,
  removalPolicy: oneOf('retain', 'destroy'),
  existingKeyArn: text,
  address: text,
  invokers: pairs,
  anyCaller: flag,
  maxTransactionFeeEther: text,
  reservedConcurrentExecutions: number,
  alarmTopicArn: text,
  signers: flag,
  sender: flag,
  rpcUrl: text,
  rpcAuth: text,
  sendRpcUrl: text,
  finalEndpoints: number,
  maxFeeGwei: text,
  minTipGwei: text,
  confirmations: number,
  allowContractCreation: flag,
  webhookUrl: text,
  webhookSecretArn: text,
  existingLedgerTable: text,
  ledgerWriters: list,
  maxForeign: numberOr('unlimited'),
  newLedger: text,
  managedBlockchain: flag,
  fips: flag,
  subnetIds: list,
  securityGroupIds: list,
  kmsVpcEndpointId: text,
}

/** Where a template's metadata hold the settings it was made with. */
const settingsName = 'Keyward::Settings'

/**
 * The app that `cdk deploy` runs. Settings are its context: `stackName`
 * (default `keyward`), and those of {@link KeywardStackProps}. Lists are comma
 * separated or JSON; invokers are `alias=ARN`, comma separated, or JSON.
 *
 * @throws Error naming the setting that is wrong.
 */
export function createApp(context?: Record<string, unknown>): App {
  const app = new App(context ? { context } : {})
  assertKnown(Object.keys(app.node.getAllContext()))
  const settings: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(readers)) {
    const value: unknown = app.node.tryGetContext(name)
    if (value !== undefined && value !== '') settings[name] = read(value, name)
  }
  if (settings.network === undefined)
    throw new Error(
      'network: required. Give it with -c network=sepolia, or in the context of cdk.json.',
    )
  const stackName = app.node.tryGetContext('stackName') ?? 'keyward'
  const stack = new KeywardStack(app, text(stackName, 'stackName'), {
    ...(settings as unknown as KeywardStackProps),
    analyticsReporting: false,
  })
  // So that who deploys again need give only what changes: a setting that was
  // forgotten would take away rights, or the pin.
  stack.templateOptions.metadata = { [settingsName]: settings }
  return app
}

/** A setting that is misspelt must not look as if it held. */
function assertKnown(names: readonly string[]): void {
  const known = [...Object.keys(readers), 'stackName']
  // The others are the CDK's own: feature flags, look-ups, switches.
  for (const name of names)
    if (/^[a-zA-Z_]+$/.test(name) && !known.includes(name))
      throw new Error(
        `${name}: no setting of this app. Allowed: ${known.join(', ')}.`,
      )
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new Error(`${name}: must be text.`)
}

function number(value: unknown, name: string, or = ''): number {
  const read = typeof value === 'string' && value ? Number(value) : value
  if (typeof read === 'number' && Number.isInteger(read) && read >= 0)
    return read
  throw new Error(`${name}: must be a whole number${or}.`)
}

function numberOr(word: string) {
  return (value: unknown, name: string): number | string =>
    value === word ? word : number(value, name, ` or ${word}`)
}

function days(value: unknown, name: string): number {
  const read = number(value, name)
  const allowed = Object.values(logs.RetentionDays).filter(Number.isInteger)
  if (allowed.includes(read)) return read
  throw new Error(
    `${name}: CloudWatch keeps logs for ${allowed.join(', ')} days (9999: for ever), not for ${read}.`,
  )
}

function flag(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Error(`${name}: must be true or false.`)
}

function oneOf(...allowed: string[]) {
  return (value: unknown, name: string): string => {
    const found = allowed.find((one) => one === value)
    if (found !== undefined) return found
    throw new Error(`${name}: must be one of ${allowed.join(', ')}.`)
  }
}

function list(value: unknown, name: string): string[] {
  const items =
    typeof value === 'string' ? value.split(',').map((s) => s.trim()) : value
  if (Array.isArray(items) && items.every((item) => typeof item === 'string'))
    return items
  throw new Error(`${name}: must be a list, comma separated.`)
}

function pairs(value: unknown, name: string): Record<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, arn]) => [key, text(arn, name)]),
    )
  const read: Record<string, string> = {}
  for (const pair of list(value, name)) {
    const at = pair.indexOf('=')
    if (at < 1) throw new Error(`${name}: must be alias=ARN, comma separated.`)
    const alias = pair.slice(0, at)
    if (Object.hasOwn(read, alias))
      throw new Error(`${name}: ${alias} is named twice.`)
    read[alias] = pair.slice(at + 1)
  }
  return read
}
