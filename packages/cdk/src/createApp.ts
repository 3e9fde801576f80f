import { App, type StackProps } from 'aws-cdk-lib'
import { KeywardStack } from './KeywardStack.js'
import type { KeywardStackProps } from './KeywardStackProps.js'
import {
  days,
  flag,
  list,
  number,
  numberOr,
  oneOf,
  pairs,
  text,
} from './readSetting.js'
import { stackSettings, toStackProps } from './stackSettings.js'

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
  ledgerKeyArn: text,
  secretKeyArns: list,
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
 * (default `keyward`), those of {@link KeywardStackProps}, and
 * `bootstrapQualifier`, `permissionsBoundary` (name or ARN of a policy for all
 * roles) and `tags` (of the stack and all in it). Lists are comma separated or
 * JSON; invokers and tags are `name=value`, comma separated, or JSON.
 *
 * @throws Error naming the setting that is wrong.
 */
export function createApp(context?: Record<string, unknown>): App {
  const app = new App(context ? { context } : {})
  assertKnown(Object.keys(app.node.getAllContext()))
  const contextOf = (name: string): unknown => app.node.tryGetContext(name)
  const readAll = (
    all: Record<string, (value: unknown, name: string) => unknown>,
  ) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, read]) => {
        const value = contextOf(name) ?? contextOf(`@aws-cdk/core:${name}`)
        return value === undefined || value === ''
          ? []
          : [[name, read(value, name)]]
      }),
    )
  const settings = readAll(readers)
  const ofStack = readAll(stackSettings)
  if (settings.network === undefined)
    throw new Error(
      'network: required. Give it with -c network=sepolia, or in the context of cdk.json.',
    )
  const stackName = app.node.tryGetContext('stackName') ?? 'keyward'
  const stack = new KeywardStack(app, text(stackName, 'stackName'), {
    ...(settings as unknown as KeywardStackProps),
    ...toStackProps(ofStack),
    analyticsReporting: false,
  })
  // So that who deploys again need give only what changes: a setting that was
  // forgotten would take away rights, or the pin.
  stack.templateOptions.metadata = {
    [settingsName]: { ...settings, ...ofStack },
  }
  return app
}

/** A setting that is misspelt must not look as if it held. */
function assertKnown(names: readonly string[]): void {
  const known = [
    ...Object.keys(readers),
    ...Object.keys(stackSettings),
    'stackName',
  ]
  // The others are the CDK's own: feature flags, look-ups, switches.
  for (const name of names)
    if (/^[a-zA-Z_]+$/.test(name) && !known.includes(name))
      throw new Error(
        `${name}: no setting of this app. Allowed: ${known.join(', ')}.`,
      )
}
