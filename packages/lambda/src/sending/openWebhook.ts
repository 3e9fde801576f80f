import { Problems } from '@keyward/core'
import { InvalidConfigError } from '../runtime/config.js'
import * as SecretArn from '../secrets/SecretArn.js'
import type { Sending } from './openSending.js'

/**
 * Opens the webhook for final outcomes. Called each time, because both settings
 * may be secrets.
 */
export type Webhook = {
  url(): Promise<string>
  secret(): Promise<string>
}

/** @throws InvalidConfigError if there is a URL but no secret. */
export function openWebhook({ config, secrets }: Sending): Webhook | undefined {
  const { webhookUrl, webhookSecret } = config
  if (webhookUrl === undefined) return undefined
  if (webhookSecret === undefined) {
    const problems = Problems.create('environment')
    problems.wrong(
      'WEBHOOK_SECRET',
      undefined,
      `${SecretArn.allowed} that contains the secret for signing messages to WEBHOOK_URL`,
    )
    throw new InvalidConfigError(problems)
  }
  return {
    url: async () =>
      typeof webhookUrl === 'string' ? webhookUrl : secrets.read(webhookUrl),
    secret: () => secrets.read(webhookSecret),
  }
}
