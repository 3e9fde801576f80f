import { readFileSync } from 'node:fs'

export type Reference = {
  shape: string
  location?: 'uri' | 'header' | 'querystring' | 'headers' | 'statusCode'
  locationName?: string
  flattened?: true
}

export type Shape = {
  type: string
  required?: readonly string[]
  enum?: readonly string[]
  pattern?: string
  min?: number
  max?: number
  flattened?: true
  payload?: string
  member?: Reference
  members?: Readonly<Record<string, Reference>>
  key?: Reference
  value?: Reference
}

export type Operation = {
  http: { method: string; requestUri: string }
  input?: string
  output?: string
  resultWrapper?: string
}

/** Of one service, as far as it is called here. */
export type Model = {
  protocol: 'json' | 'query' | 'rest-json' | 'rest-xml'
  operations: Readonly<Record<string, Operation>>
  shapes: Readonly<Record<string, Shape>>
}

/** By the name in the credential scope. */
export const models: Readonly<Record<string, Model>> = JSON.parse(
  readFileSync(
    new URL('../../vectors/aws-models.json', import.meta.url),
    'utf8',
  ),
)
