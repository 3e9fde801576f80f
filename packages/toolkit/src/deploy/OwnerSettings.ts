import * as PolicySetting from './PolicySetting.js'
import type { Settings } from './SettingValues.js'

// The owners in a multisig's settings. Each is identified by its position.

/** One owner's settings, with the CDK app's names. */
export type Owner = Readonly<Record<string, unknown>>

/** Whether these settings describe a multisig. */
export const isMultisig = ({ owners }: Settings): boolean =>
  owners !== undefined && owners !== ''

export function ownersIn({ owners }: Settings): readonly Owner[] {
  return Array.isArray(owners) ? owners : []
}

/**
 * Merges owners: given settings override earlier ones. The earlier pin stays
 * too, unless the key changes.
 */
export function merge(before: Settings, given: Settings): Settings {
  if (!isMultisig(given)) return given
  const earlier = ownersIn(before)
  const owners = ownersIn(given).map((owner, index) => ({
    ...earlier[index],
    ...owner,
  }))
  return { ...given, owners }
}

/**
 * Reads the policy files named in the owners' settings, and adds each file's
 * SHA-256.
 *
 * @throws InputError, PolicySyntaxError, InvalidRequestError
 */
export async function complete(settings: Settings): Promise<Settings> {
  if (!isMultisig(settings)) return settings
  const owners = await Promise.all(
    ownersIn(settings).map(async (owner) => {
      if (typeof owner.policy !== 'string') return owner
      const read = await PolicySetting.read(owner.policy, "The owner's policy")
      const { policy, policySha256 } = read
      return { ...owner, policy, policySha256 }
    }),
  )
  return { ...settings, owners }
}

/** Adds the addresses of the owners' keys where none were given. */
export function pin(
  settings: Settings,
  addresses: ReadonlyMap<string | undefined, string>,
): Settings {
  if (!isMultisig(settings)) {
    const address = addresses.get(undefined)
    return address === undefined ? settings : { address, ...settings }
  }
  const relayerAddress = addresses.get('relayer')
  return {
    ...(relayerAddress !== undefined && { relayerAddress }),
    ...settings,
    owners: ownersIn(settings).map((owner, index) => {
      const address = addresses.get(`owner-${index + 1}`)
      return address === undefined ? owner : { address, ...owner }
    }),
  }
}

/** The pin that the settings contain for an account. */
export function pinOf(
  settings: Settings,
  role: string | undefined,
): string | undefined {
  const owner = ownersIn(settings)[Number(role?.replace('owner-', '')) - 1]
  const found =
    role === undefined
      ? settings.address
      : role === 'relayer'
        ? settings.relayerAddress
        : owner?.address
  return typeof found === 'string' && found !== '' ? found : undefined
}
