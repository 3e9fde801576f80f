import { retentions } from '../../logs/LogGroup.js'
import type { JsonObject } from '../Json.js'
import { integer, oneOf, readProperties, tags, text } from '../properties.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'
import { changeOf } from './recordOnly.js'

/** The group's retention and, if the template sets one, its name. */
export const readLogGroup = (properties: JsonObject) =>
  readProperties(properties, {
    LogGroupName: text,
    LogGroupClass: oneOf('STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'),
    RetentionInDays: integer,
    Tags: tags,
  })

const identify: ResourceType['identify'] = (
  properties,
  { generatedName, home },
) => {
  const { LogGroupName = generatedName } = readLogGroup(properties)
  const { region, accountId } = home
  return {
    physicalId: LogGroupName,
    attributes: {
      Arn: `arn:aws:logs:${region}:${accountId}:log-group:${LogGroupName}:*`,
    },
  }
}

/**
 * Sets or removes the retention of a new group, or of one whose retention
 * changed.
 */
function putRetention(properties: JsonObject, place: Place): void {
  const { logs, deployer } = place.home
  const { physicalId: logGroupName } = identify(properties, place)
  const { RetentionInDays: retentionInDays } = readLogGroup(properties)
  if (retentionInDays === undefined)
    logs.call('DeleteRetentionPolicy', { logGroupName }, deployer)
  else
    logs.call('PutRetentionPolicy', { logGroupName, retentionInDays }, deployer)
}

export const LogsLogGroup: ResourceType = {
  check(properties) {
    const { RetentionInDays: days, LogGroupName = 'g' } =
      readLogGroup(properties)
    if (days !== undefined && !retentions.includes(days))
      throw new TemplateError(
        `RetentionInDays is ${days}. It must be one of ${retentions.join(', ')}.`,
      )
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(LogGroupName))
      throw new TemplateError(
        `LogGroupName is ${quote(LogGroupName)}. It must be 1 to 512 letters, digits or signs (.-_/#).`,
      )
  },
  identify,
  change: changeOf(identify),
  taken: ({ physicalId }, { home }) =>
    !home.takesOverLogGroups && home.logs.hasGroup(physicalId)
      ? `Resource of type 'AWS::Logs::LogGroup' with identifier '{"/properties/LogGroupName":"${physicalId}"}' already exists. A deleted stack may have retained it. Delete the log group, or give the stack another name.`
      : undefined,
  async make(properties, place) {
    const { logs, deployer } = place.home
    const { physicalId: logGroupName } = identify(properties, place)
    if (!logs.hasGroup(logGroupName))
      logs.call('CreateLogGroup', { logGroupName }, deployer)
    putRetention(properties, place)
    return undefined
  },
  async update(_, properties, place) {
    putRetention(properties, place)
    return undefined
  },
  async remove({ physicalId: logGroupName }, { home: { logs, deployer } }) {
    if (logs.hasGroup(logGroupName))
      logs.call('DeleteLogGroup', { logGroupName }, deployer)
  },
}
