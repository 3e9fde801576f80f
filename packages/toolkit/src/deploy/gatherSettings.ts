import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { AwsConnection } from '../aws/connectAws.js'
import { peek, seen } from '../aws/peek.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { readTemplate, type Stack } from '../stack/readStack.js'
import * as StackName from '../stack/StackName.js'
import { pinOf, settingsOf, type Template } from '../stack/Template.js'
import * as OwnerSettings from './OwnerSettings.js'
import * as Settings from './Settings.js'

/** The deployed template, as far as the caller is allowed to see it. */
export async function deployedTemplate(
  client: CloudFormation,
  stack: Stack | undefined,
): Promise<Template | undefined> {
  // A stack that is under review or rolled back has no meaningful template.
  if (stack === undefined || stack.resources.length === 0) return undefined
  return seen(await peek(() => readTemplate(client, stack.name)))
}

/**
 * Gathers the settings of a deployment: the given ones override those of the
 * last deployment. A pin is never removed.
 *
 * @param localSettings - Settings file of the local home's stack.
 */
export async function gatherSettings(
  localSettings: string,
  { target }: Pick<AwsConnection, 'target'>,
  stack: string,
  template: Template | undefined,
  given: Settings.Settings,
): Promise<Settings.Settings> {
  const isFirstAtHome = target.kind === 'local' && template === undefined
  const before = withWholePath(localSettings, settingsOf(template))
  return Settings.merge(
    isFirstAtHome ? await homeSettings(localSettings, stack, given) : {},
    before,
    OwnerSettings.isMultisig(before) ? {} : keptPin(template),
    OwnerSettings.merge(before, given),
    // Not even an empty --address removes the pin: without it, a function would
    // sign with whatever key its alias points to.
    given.address === '' ? keptPin(template) : {},
    given.relayerAddress === '' && before.relayerAddress !== undefined
      ? { relayerAddress: before.relayerAddress }
      : {},
  )
}

/**
 * The defaults of a first deployment in the local home, which needs no
 * settings.
 */
async function homeSettings(
  file: string,
  stack: string,
  given: Settings.Settings,
): Promise<Settings.Settings> {
  // This policy is meant only for keyward-dev.
  const { stackName, policy, unguardedUsers, ...all } = JSON.parse(
    await readFile(file, 'utf8'),
  ) as Record<string, unknown>
  // An existing key keeps its policy, and another chain uses its own defaults.
  const { administrators, users, breakGlass, ...withoutRoles } = all
  const kept = given.existingKeyArn ? withoutRoles : all
  const { confirmations, maxForeign, newLedger, ...anyChain } = kept
  const settings = given.network === undefined ? kept : anyChain
  // Only the functions use the key of another stack, or a multisig's keys.
  if (
    stack !== StackName.standard('local') ||
    OwnerSettings.isMultisig(given)
  ) {
    const { users: _, ...others } = settings
    return others
  }
  // The home's user is a developer, who is allowed to sign without the policy
  // while trying things out.
  return given.policy ? { ...settings, unguardedUsers: true } : settings
}

/**
 * In the local home's settings file, the policy's path is relative to that
 * file.
 */
function withWholePath(
  localSettings: string,
  settings: Settings.Settings,
): Settings.Settings {
  const { policy } = settings
  return typeof policy === 'string' && policy !== ''
    ? { ...settings, policy: resolve(dirname(localSettings), policy) }
    : settings
}

function keptPin(template: Template | undefined): Settings.Settings {
  const address = template && pinOf(template)
  return address === undefined ? {} : { address }
}
