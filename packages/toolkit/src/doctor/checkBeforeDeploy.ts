import type { AwsConnection } from '../aws/connectAws.js'
import type { Settings } from '../deploy/Settings.js'
import type { Check } from './Check.js'
import { checkBootstrap, checkQuota } from './checkAccount.js'
import { checkPrincipals } from './checkPrincipals.js'
import { checkTopic } from './checkTopic.js'

/**
 * Finds problems that would make a deployment with these settings fail after
 * several minutes.
 */
export async function checkBeforeDeploy(
  connection: AwsConnection,
  settings: Settings,
): Promise<Check[]> {
  const found = await Promise.all([
    checkBootstrap(connection, settings),
    checkQuota(connection, settings),
    checkTopic(connection, settings),
    checkPrincipals(connection, settings),
  ])
  return found.flat()
}
