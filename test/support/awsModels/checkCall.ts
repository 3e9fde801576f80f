import { checkValue } from './checkValue.js'
import { fromTree, readForm, readXml, type Tree } from './fromText.js'
import { type Model, models, type Operation } from './Model.js'

/** A request as it went over the wire, and its answer. */
export type WireCall = {
  service: string
  method: string
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
  status: number
  answer: string
}

/**
 * What of a call is not as AWS's model has it, and its operation. Answers are
 * looked through for members that AWS does not answer.
 */
export function checkCall(call: WireCall): {
  operation: string
  violations: string[]
} {
  const model = models[call.service]
  if (model === undefined)
    return {
      operation: call.service,
      violations: [`there is no model of ${call.service}`],
    }
  const name = operationOf(model, call)
  const operation = name === undefined ? undefined : model.operations[name]
  if (name === undefined || operation === undefined)
    return {
      operation: `${call.service}:${name}`,
      violations: [
        `scripts/reduce-aws-models.mjs leaves out ${call.method} ${call.path} ${name}`,
      ],
    }
  const input = readInput(model, operation, call)
  const asked =
    operation.input === undefined
      ? []
      : checkValue(model, operation.input, input)
  const answered =
    call.status < 300 && operation.output !== undefined
      ? checkAnswer(model, operation, call)
      : []
  return {
    operation: `${call.service}:${name}`,
    violations: [...asked, ...answered.map((each) => `answer: ${each}`)],
  }
}

function operationOf(model: Model, call: WireCall): string | undefined {
  if (model.protocol === 'json')
    return String(call.headers['x-amz-target']).split('.').at(-1)
  if (model.protocol === 'query')
    return new URLSearchParams(call.body).get('Action') ?? undefined
  const [, query = ''] = call.path.split('?')
  const asked = [...new URLSearchParams(query).keys()]
  // S3 tells some operations apart by the query alone: the most of it is meant.
  return Object.entries(model.operations)
    .filter(
      ([, { http }]) =>
        http.method === call.method &&
        toPattern(http.requestUri).test(call.path) &&
        fixedQuery(http).every((name) => asked.includes(name)),
    )
    .sort(
      ([, a], [, b]) => fixedQuery(b.http).length - fixedQuery(a.http).length,
    )
    .at(0)?.[0]
}

function fixedQuery({ requestUri }: Operation['http']): string[] {
  const [, query = ''] = requestUri.split('?')
  return [...new URLSearchParams(query).keys()]
}

function toPattern(requestUri: string): RegExp {
  const [path = ''] = requestUri.split('?')
  const pattern = path
    .replace(/\/$/, '')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/?]+)')
    .replace(/\{(\w+)\+\}/g, '(?<$1>[^?]+)')
  return new RegExp(`^${pattern}/?(?:\\?(?<query>.*))?$`)
}

function readInput(model: Model, operation: Operation, call: WireCall) {
  if (model.protocol === 'json') return JSON.parse(call.body || '{}')
  if (model.protocol === 'query') {
    const { Action: _, Version: __, ...form } = readForm(call.body)
    return fromTree(model, { shape: operation.input ?? '' }, form)
  }
  const { query = '', ...uri } =
    toPattern(operation.http.requestUri).exec(call.path)?.groups ?? {}
  const { payload, members = {} } = model.shapes[operation.input ?? ''] ?? {}
  const body =
    payload !== undefined || call.body === '' || model.protocol === 'rest-xml'
      ? {}
      : JSON.parse(call.body)
  const located = Object.entries(members).flatMap(([name, member]) => {
    const { location, locationName = name } = member
    const text =
      location === 'uri'
        ? decodeURIComponent(uri[locationName] ?? '')
        : location === 'querystring'
          ? new URLSearchParams(query).get(locationName)
          : location === 'header'
            ? call.headers[locationName.toLowerCase()]
            : undefined
    return typeof text === 'string' && text !== ''
      ? [[name, fromTree(model, member, text)]]
      : []
  })
  return { ...body, ...Object.fromEntries(located) }
}

/** Only what is there too much: an answer is AWS's to make. */
function checkAnswer(
  model: Model,
  { output = '', resultWrapper }: Operation,
  call: WireCall,
): string[] {
  if (model.shapes[output]?.payload !== undefined) return []
  // Only the CDK reads what S3 answers.
  if (model.protocol === 'rest-xml') return []
  const value =
    model.protocol === 'query'
      ? fromTree(model, { shape: output }, resultOf(call, resultWrapper))
      : JSON.parse(call.answer || '{}')
  return checkValue(model, output, value).filter((each) =>
    each.endsWith('is not known'),
  )
}

function resultOf({ answer }: WireCall, wrapper = ''): Tree {
  const [response] = Object.values(readXml(answer)).flat()
  const results = response as { [name: string]: Tree } | undefined
  return results?.[wrapper] ?? {}
}
