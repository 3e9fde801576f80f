import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { AwsConnection } from '../aws/connectAws.js'
import { peek, seen } from '../aws/peek.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { readTemplate, type Stack } from '../stack/readStack.js'
import { pinOf, settingsOf, type Template } from '../stack/Template.js'
import * as OwnerSettings from './OwnerSettings.js'
import * as Settings from './Settings.js'

/** The template of what is deployed, as far as it may be seen. */
export async function deployedTemplate(
  client: CloudFormation,
  stack: Stack | undefined,
): Promise<Template | undefined> {
  // A stack under review, or rolled back, has no template that means anything.
  if (stack === undefined || stack.resources.length === 0) return undefined
  return seen(await peek(() => readTemplate(client, stack.name)))
}

/**
 * The settings of a deployment: those of the last one, over which the given
 * ones win. A pin is never taken away.
 *
 * @param localSettings - File of the settings that the local home's stack has.
 */
export async function gatherSettings(
  localSettings: string,
  { target }: AwsConnection,
  template: Template | undefined,
  given: Settings.Settings,
): Promise<Settings.Settings> {
  const isFirstAtHome = target.kind === 'local' && template === undefined
  const before = withWholePath(localSettings, settingsOf(template))
  return Settings.merge(
    isFirstAtHome ? await homeSettings(localSettings, given) : {},
    before,
    OwnerSettings.isMultisig(before) ? {} : keptPin(template),
    OwnerSettings.merge(before, given),
    // Not even by an empty --address: unpinned, a function signs for
    // whatever key it is led to.
    given.address === '' ? keptPin(template) : {},
    given.relayerAddress === '' && before.relayerAddress !== undefined
      ? { relayerAddress: before.relayerAddress }
      : {},
  )
}

/** In the local home a first deployment needs no settings at all. */
async function homeSettings(
  file: string,
  given: Settings.Settings,
): Promise<Settings.Settings> {
  // The policy is that of keyward-dev alone.
  const { stackName, policy, unguardedUsers, ...all } = JSON.parse(
    await readFile(file, 'utf8'),
  ) as Record<string, unknown>
  // A key that exists keeps its policy, and another chain its own habits.
  const { administrators, users, breakGlass, ...withoutRoles } = all
  const kept = given.existingKeyArn ? withoutRoles : all
  const { confirmations, maxForeign, newLedger, ...anyChain } = kept
  const settings = given.network === undefined ? kept : anyChain
  if (OwnerSettings.isMultisig(given)) {
    // Its keys have no users but the functions.
    const { users: _, ...multisig } = settings
    return multisig
  }
  // Its user is a developer, who may well sign around a policy that is tried.
  return given.policy ? { ...settings, unguardedUsers: true } : settings
}

/** What the local home's stack was made with names its policy beside it. */
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
