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

/** Key in a template's metadata for the settings that it was created with. */
const settingsName = 'Keyward::Settings'

/**
 * The app that `cdk deploy` runs. Its settings come from the context:
 * `stackName` (default `keyward`), those of {@link KeywardStackProps} or, with
 * `owners`, of {@link MultisigStackProps}, and `bootstrapQualifier`,
 * `permissionsBoundary` (name or ARN of a policy for all roles) and `tags` (of
 * the stack and all in it). Lists are comma-separated or JSON. Invokers,
 * proposers and tags are comma-separated `name=value` or JSON. Owners are JSON,
 * or `name=ARN` of each owner's approver.
 *
 * @throws Error naming the wrong setting.
 */
export function createApp(context?: Record<string, unknown>): App {
  const app = new App(context ? { context } : {})
  assertKnown(Object.keys(app.node.getAllContext()))
  // The CDK has its own names for some of the settings.
  const contextOf = (name: string): unknown =>
    app.node.tryGetContext(name) ??
    app.node.tryGetContext(`@aws-cdk/core:${name}`)
  const settings = readSettings(
    Object.fromEntries(settingNames.map((name) => [name, contextOf(name)])),
  )
  if (settings.network === undefined)
    throw new Error(
      'network: required. Set it with -c, for example -c network=sepolia, or in the context of cdk.json.',
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
  // Lets you deploy again with only the changed settings. Otherwise, a
  // forgotten setting would remove permissions or the pin.
  stack.templateOptions.metadata = { [settingsName]: settings }
  return app
}
