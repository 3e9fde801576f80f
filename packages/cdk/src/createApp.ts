import { App } from 'aws-cdk-lib'
import { KeywardStack, type KeywardStackProps } from './KeywardStack.js'
import { assertKnown, readSettings, settingNames, text } from './settings.js'

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
  const settings = readSettings(
    Object.fromEntries(
      settingNames.map((name) => [name, app.node.tryGetContext(name)]),
    ),
  )
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
