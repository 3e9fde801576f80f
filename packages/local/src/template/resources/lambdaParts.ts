import {
  type FunctionName,
  parseFunctionName,
} from '../../lambda/FunctionName.js'
import { AwsError } from '../../protocol/Service.js'
import type { JsonObject } from '../Json.js'
import { integer, members, readProperties, text } from '../properties.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'
import { assertDestination } from './assertDestination.js'
import { recordOnly, replacedBy } from './recordOnly.js'

/** A function that a template identifies by name or ARN. */
export function functionName(
  name: string,
  { home }: Place,
  qualifier: string | null = null,
): FunctionName {
  try {
    return parseFunctionName(name, qualifier, home)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new TemplateError(`FunctionName: ${error.text}`)
  }
}

const arnOf = ({ home }: Place, name: string, qualifier: string): string =>
  `arn:aws:lambda:${home.region}:${home.accountId}:function:${name}:${qualifier}`

const readVersion = (properties: JsonObject) =>
  readProperties(
    properties,
    { CodeSha256: text, Description: text, FunctionName: text },
    ['FunctionName'],
  )

const versionIdentity = (name: string, version: string, place: Place) => {
  const FunctionArn = arnOf(place, name, version)
  return {
    physicalId: FunctionArn,
    attributes: { FunctionArn, Version: version },
  }
}

export const LambdaVersion: ResourceType = {
  check(properties, place) {
    functionName(readVersion(properties).FunctionName, place)
  },
  // Lambda chooses the version number.
  identify(properties, place) {
    const { name } = functionName(readVersion(properties).FunctionName, place)
    return versionIdentity(name, '0', place)
  },
  change: replacedBy(['CodeSha256', 'Description', 'FunctionName']),
  async make(properties, place) {
    const given = readVersion(properties)
    const { name } = functionName(given.FunctionName, place)
    const { version } = place.home.lambda.publishVersion(name, {
      codeSha256: given.CodeSha256,
      description: given.Description,
    })
    return versionIdentity(name, version, place)
  },
  update: async () => undefined,
  async remove(made, place) {
    const { name } = functionName(made.physicalId, place)
    place.home.lambda.deleteVersion(name, made.attributes.Version ?? '')
  },
}

const readAlias = (properties: JsonObject) =>
  readProperties(
    properties,
    {
      Description: text,
      FunctionName: text,
      FunctionVersion: text,
      Name: text,
    },
    ['FunctionName', 'FunctionVersion', 'Name'],
  )

const putAlias: ResourceType['make'] = async (properties, place) => {
  const given = readAlias(properties)
  const { name } = functionName(given.FunctionName, place)
  place.home.lambda.putAlias(name, {
    name: given.Name,
    functionVersion: given.FunctionVersion,
    ...(given.Description && { description: given.Description }),
  })
  return undefined
}

export const LambdaAlias: ResourceType = {
  check(properties, place) {
    const { FunctionName, Name } = readAlias(properties)
    functionName(FunctionName, place)
    if (!/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/.test(Name))
      throw new TemplateError(
        `Name is ${quote(Name)}. It must be 1 to 128 letters, digits, hyphens or underscores, but not a number.`,
      )
  },
  identify(properties, place) {
    const { FunctionName, Name } = readAlias(properties)
    const { name } = functionName(FunctionName, place)
    const AliasArn = arnOf(place, name, Name)
    return { physicalId: AliasArn, attributes: { AliasArn } }
  },
  change: replacedBy(['FunctionName', 'Name']),
  make: putAlias,
  update: (_, properties, place) => putAlias(properties, place),
  async remove(made, place) {
    const { name, qualifier = '' } = functionName(made.physicalId, place)
    place.home.lambda.deleteAlias(name, qualifier)
  },
}

const readConfig = (properties: JsonObject) =>
  readProperties(
    properties,
    {
      // The destination of failed invocations. The home has no queues, so it
      // ignores this.
      DestinationConfig: members({ OnFailure: members({ Destination: text }) }),
      FunctionName: text,
      MaximumEventAgeInSeconds: integer,
      MaximumRetryAttempts: integer,
      Qualifier: text,
    },
    ['FunctionName', 'Qualifier'],
  )

const putConfig: ResourceType['make'] = async (properties, place) => {
  const given = readConfig(properties)
  const { name } = functionName(given.FunctionName, place)
  const { Destination } = given.DestinationConfig?.OnFailure ?? {}
  if (Destination !== undefined) assertDestination(name, Destination, place)
  place.home.lambda.putEventInvokeConfig(
    name,
    given.Qualifier,
    given.MaximumRetryAttempts ?? 2,
  )
  return undefined
}

export const LambdaEventInvokeConfig: ResourceType = {
  ...recordOnly({
    check(properties, place) {
      const given = readConfig(properties)
      functionName(given.FunctionName, place)
      if ((given.MaximumRetryAttempts ?? 2) > 2)
        throw new TemplateError('MaximumRetryAttempts must be 0, 1 or 2.')
    },
    identify: (_, { generatedName }) => ({
      physicalId: generatedName,
      attributes: {},
    }),
  }),
  change: replacedBy(['FunctionName', 'Qualifier']),
  make: putConfig,
  update: (_, properties, place) => putConfig(properties, place),
  async remove({ properties }, place) {
    const { FunctionName, Qualifier } = readConfig(properties)
    const { name } = functionName(FunctionName, place)
    place.home.lambda.putEventInvokeConfig(name, Qualifier, undefined)
  },
}
