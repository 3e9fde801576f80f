import { request } from 'node:https'
import { createRequestSigner, Partition } from '@keyward/core/aws'
import type { AwsConnection } from '../aws/connectAws.js'
import type { Settings } from '../deploy/Settings.js'
import type { Check } from './Check.js'

/** The services that publish to the topic, for rules and for alarms. */
const services = ['events.amazonaws.com', 'cloudwatch.amazonaws.com']

/** Checks whether the alarm topic accepts messages from both services. */
export async function checkTopic(
  connection: AwsConnection,
  { alarmTopicArn: arn }: Settings,
): Promise<Check[]> {
  if (typeof arn !== 'string') return []
  // The home has no SNS, and its rules don't notify anyone.
  const topic =
    connection.target.kind === 'local'
      ? undefined
      : await readTopic(connection, arn).catch(() => undefined)
  return [
    topic === undefined
      ? {
          name: 'topic',
          ok: undefined,
          found: `${arn}: not checked (needs AWS and sns:GetTopicAttributes)`,
        }
      : judgeTopic(arn, topic),
  ]
}

/** SNS's description of a topic. */
export type Topic = {
  policy: string
  /** The key that encrypts its messages at rest, if there is one. */
  keyId?: string | undefined
}

type Statement = {
  Effect?: unknown
  Principal?: { Service?: unknown } | '*'
  Action?: unknown
}

/**
 * Whether a topic's policy lets both services publish. The default statement,
 * which allows everyone, doesn't help them, because it is restricted to the
 * account.
 *
 * @param topic - null if it doesn't exist.
 */
export function judgeTopic(arn: string, topic: Topic | null): Check {
  const name = 'topic'
  if (topic === null)
    return {
      name,
      ok: false,
      found: `${arn} does not exist`,
      fix: 'Create the topic, or correct alarmTopicArn.',
    }
  const { Statement } = JSON.parse(topic.policy) as { Statement?: unknown }
  const statements = [Statement].flat() as Statement[]
  const mayPublish = (service: string) =>
    statements.some(
      ({ Effect, Principal, Action }) =>
        Effect === 'Allow' &&
        typeof Principal === 'object' &&
        [Principal.Service].flat().includes(service) &&
        [Action]
          .flat()
          .some((action) => /^(sns:)?(publish|\*)$/i.test(String(action))),
    )
  const lacks = services.filter((service) => !mayPublish(service))
  if (lacks.length > 0)
    return {
      name,
      ok: false,
      found: `${arn} does not accept messages from ${lacks.join(' and ')}`,
      fix: `Allow sns:Publish for ${lacks.join(' and ')} in the topic's policy (aws sns set-topic-attributes).`,
    }
  const { keyId = '' } = topic
  const rights = `${services.join(' and ')} use kms:Decrypt and kms:GenerateDataKey*`
  // That key's policy doesn't allow any service, and no one can change it.
  if (/(?:^|:)alias\/aws\/sns$/.test(keyId))
    return {
      name,
      ok: false,
      found: `${arn} is encrypted with alias/aws/sns. Rules and alarms can't use that key, so their messages would never arrive`,
      fix: `Encrypt the topic with your own key, and let ${rights} in that key's policy.`,
    }
  const condition = `, if the policy of its key ${keyId} lets ${rights}`
  return {
    name,
    ok: true,
    found: `${arn} accepts messages from rules and alarms${keyId && condition}`,
  }
}

/** SNS uses AWS's query protocol. @returns null if there is no such topic */
async function readTopic(
  { kms, region }: AwsConnection,
  arn: string,
): Promise<Topic | null> {
  const host = `sns.${region}.${Partition.ofRegion(region).dnsSuffix}`
  const body = new URLSearchParams({
    Action: 'GetTopicAttributes',
    TopicArn: arn,
    Version: '2010-03-31',
  }).toString()
  const headers = createRequestSigner({ region, service: 'sns' })({
    credentials: await kms.config.credentials(),
    host,
    contentType: 'application/x-www-form-urlencoded',
    body,
    now: Date.now() + kms.config.systemClockOffset,
  })
  const { status, text } = await post(host, headers, body)
  if (status === 404 && text.includes('NotFound')) return null
  const policy = attribute(text, 'Policy')
  if (status !== 200 || policy === undefined)
    throw new Error(`SNS returned HTTP ${status}.`)
  return { policy, keyId: attribute(text, 'KmsMasterKeyId') }
}

function attribute(text: string, name: string): string | undefined {
  const [, value] =
    new RegExp(`<key>${name}</key>\\s*<value>([^<]*)</value>`).exec(text) ?? []
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function post(
  host: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host, method: 'POST', headers, timeout: 5000, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > 262_144) sent.destroy(new Error('Too long.'))
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text }),
        )
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('No answer within 5 s.')))
    sent.on('error', reject)
    sent.end(body)
  })
}
