import { toPermissionStatement } from '../../lambda/toPermissionStatement.js'
import type { JsonObject } from '../Json.js'
import { readProperties, text } from '../properties.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { functionName } from './lambdaParts.js'
import { readPolicy } from './policyDocument.js'
import { recordOnly, replacedBy } from './recordOnly.js'

const spec = {
  Action: text,
  EventSourceToken: text,
  FunctionName: text,
  FunctionUrlAuthType: text,
  Principal: text,
  PrincipalOrgID: text,
  SourceAccount: text,
  SourceArn: text,
}

const read = (properties: JsonObject) =>
  readProperties(properties, spec, ['Action', 'FunctionName', 'Principal'])

const toStatement = (properties: JsonObject, place: Place, sid: string) => {
  const given = read(properties)
  return toPermissionStatement({
    sid,
    functionArn: functionName(given.FunctionName, place).arn,
    action: given.Action,
    principal: given.Principal,
    sourceArn: given.SourceArn,
    sourceAccount: given.SourceAccount,
    principalOrgId: given.PrincipalOrgID,
    eventSourceToken: given.EventSourceToken,
    functionUrlAuthType: given.FunctionUrlAuthType,
  })
}

export const LambdaPermission: ResourceType = {
  ...recordOnly({
    check(properties, place) {
      const Statement = [toStatement(properties, place, 'check')]
      readPolicy({ Version: '2012-10-17', Statement }, 'resource')
    },
    identify: (_, { generatedName }) => ({
      physicalId: generatedName,
      attributes: { Id: generatedName },
    }),
  }),
  change: replacedBy(Object.keys(spec)),
  async make(properties, place) {
    const { name, qualifier } = functionName(
      read(properties).FunctionName,
      place,
    )
    const sid = place.generatedName
    const statement = toStatement(properties, place, sid)
    place.home.lambda.addPermission(name, { sid, qualifier, statement })
    return undefined
  },
  async remove({ physicalId, properties }, place) {
    const { name } = functionName(read(properties).FunctionName, place)
    place.home.lambda.removePermission(name, physicalId)
  },
}
