import { App } from 'aws-cdk-lib'
import { KeywardStack } from './KeywardStack.js'
import type { KeywardStackProps } from './KeywardStackProps.js'
import { MultisigStack } from './MultisigStack.js'
import type { MultisigStackProps } from './MultisigStackProps.js'
import { text } from './readSetting.js'
import {
  assertKind,
  assertKnown,
  isMultisig,
  readSettings,
  settingNames,
} from './settings.js'
import { toStackProps } from './stackSettings.js'

/** Where a template's metadata hold the settings it was made with. */
const settingsName = 'Keyward::Settings'

/**
 * The app that `cdk deploy` runs. Settings are its context: `stackName`
 * (default `keyward`), those of {@link KeywardStackProps} or, with `owners`, of
 * {@link MultisigStackProps}, and
 * `bootstrapQualifier`, `permissionsBoundary` (name or ARN of a policy for all
 * roles) and `tags` (of the stack and all in it). Lists are comma separated or
 * JSON; invokers, proposers and tags are `name=value`, comma separated, or JSON;
 * owners are JSON, or `name=ARN` of who approves for each.
 *
 * @throws Error naming the setting that is wrong.
 */
export function createApp(context?: Record<string, unknown>): App {
  const app = new App(context ? { context } : {})
  assertKnown(Object.keys(app.node.getAllContext()))
  // The CDK has names of its own for some of them.
  const contextOf = (name: string): unknown =>
    app.node.tryGetContext(name) ??
    app.node.tryGetContext(`@aws-cdk/core:${name}`)
  const settings = readSettings(
    Object.fromEntries(settingNames.map((name) => [name, contextOf(name)])),
  )
  if (settings.network === undefined)
    throw new Error(
      'network: required. Give it with -c network=sepolia, or in the context of cdk.json.',
    )
  assertKind(settings)
  const name = app.node.tryGetContext('stackName') ?? 'keyward'
  const stackName = text(name, 'stackName')
  const shared = { ...toStackProps(settings), analyticsReporting: false }
  const stack = isMultisig(settings)
    ? new MultisigStack(app, stackName, {
        ...(settings as unknown as MultisigStackProps),
        ...shared,
      })
    : new KeywardStack(app, stackName, {
        ...(settings as unknown as KeywardStackProps),
        ...shared,
      })
  // So that who deploys again need give only what changes: a setting that was
  // forgotten would take away rights, or the pin.
  stack.templateOptions.metadata = { [settingsName]: settings }
  return app
}
