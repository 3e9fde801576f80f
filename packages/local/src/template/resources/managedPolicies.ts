import type { JsonObject } from '../Json.js'
import { TemplateError } from '../TemplateError.js'

const allow = (Action: string | string[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})

const logs = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
]

/** AWS's own policies, which every account has. */
const documents: Readonly<Record<string, JsonObject>> = {
  'arn:aws:iam::aws:policy/AdministratorAccess': allow('*'),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole':
    allow(logs),
}

/** @throws TemplateError for a policy that the local home doesn't have. */
export function managedPolicy(arn: string): JsonObject {
  const document = Object.hasOwn(documents, arn) ? documents[arn] : undefined
  if (document) return document
  throw new TemplateError(
    `The local home doesn't know what ${JSON.stringify(arn.slice(0, 120))} allows. Write the policy's statements into the template instead.`,
  )
}
