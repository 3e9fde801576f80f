import { Problems } from '@keyward/core'
import { isWebhookUrl } from '@keyward/core/aws'
import { WebhookConfigurationError } from '@keyward/sender'
import { InvalidConfigError } from '../runtime/config.js'
import * as SecretArn from '../secrets/SecretArn.js'
import type { Sending } from './openSending.js'

const localChainId = 31337

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
  const { webhookUrl, webhookSecret, network } = config
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
    url: async () => {
      if (typeof webhookUrl === 'string') return webhookUrl
      const text = await secrets.read(webhookUrl)
      // The same rule as for a URL in the environment.
      if (isWebhookUrl(text, network.chainId === localChainId)) return text
      throw new WebhookConfigurationError(
        `${webhookUrl.arn} has ${text.length} characters that are not an https URL of another machine; allowed: an https URL of another machine, or on network local (${localChainId}), http://127.0.0.1`,
      )
    },
    secret: () => secrets.read(webhookSecret),
  }
}
