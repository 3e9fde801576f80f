import * as awsJson from './awsJson.js'
import { AwsError, type AwsResponse } from './Service.js'
import { element } from './Xml.js'

/**
 * The error for a missing service, in the format that the service's clients
 * read. Otherwise, they would report a damaged answer instead of the message.
 */
export function refuseForeign(
  name: string,
  headers: Readonly<Record<string, string>>,
  known: readonly string[],
  requestId: string,
): AwsResponse {
  const error = new AwsError(
    'UnknownOperationException',
    `The local home has no service '${name}' (the name in the credential scope). It serves: ${known.join(', ')}.`,
  )
  const { 'content-type': type = '', 'x-amz-target': target = '' } = headers
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  if (target !== '' || /json/.test(type) || !(isForm || isRestXml(name)))
    return target === '' ? restJson(error) : awsJson.renderError(error)
  const said = { Code: 'InvalidAction', Message: error.text }
  const body =
    name === 'ec2'
      ? `<Response>${element('Errors', { Error: said })}${element('RequestID', requestId)}</Response>`
      : `<ErrorResponse>${element('Error', { Type: 'Sender', ...said })}${element('RequestId', requestId)}</ErrorResponse>`
  return { status: 400, headers: { 'content-type': 'text/xml' }, body }
}

/** Services with the REST protocols, whose requests are not forms. */
function isRestXml(name: string): boolean {
  return ['cloudfront', 'route53', 's3-control', 's3'].includes(name)
}

function restJson(error: AwsError): AwsResponse {
  const answer = awsJson.renderError(error)
  return {
    ...answer,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': error.type,
    },
  }
}
