import type { XmlValue } from '../protocol/Xml.js'
import { isObject, type JsonObject } from '../template/Json.js'
import type { StackEvent } from '../template/StackEvent.js'
import type { StackSource, StackState } from '../template/StackState.js'
import type { CloudFormationContext } from './CloudFormationContext.js'

type Wire = { [name: string]: XmlValue }

/** A stack, in the form of DescribeStacks. */
export function toStack(
  context: CloudFormationContext,
  state: StackState,
): Wire {
  const { source } = state
  return {
    StackId: state.id,
    StackName: state.name,
    ChangeSetId: source?.changeSetId,
    Description: source?.description,
    Parameters: source && toParameters(context, source),
    CreationTime: new Date(state.createdAt),
    DeletionTime:
      state.deletedAt === undefined ? undefined : new Date(state.deletedAt),
    LastUpdatedTime:
      state.updatedAt === undefined ? undefined : new Date(state.updatedAt),
    RollbackConfiguration: {},
    StackStatus: state.status,
    StackStatusReason: state.statusReason,
    DisableRollback: source?.disableRollback ?? false,
    NotificationARNs: [],
    Capabilities: source?.capabilities,
    Outputs: Object.entries(state.outputs).map(([name, output]) => ({
      OutputKey: name,
      OutputValue: toText(output.value),
      Description: output.description,
      ExportName: output.exportName,
    })),
    RoleARN: source?.roleArn,
    Tags: source?.tags.map(({ Key, Value }) => ({ Key, Value })) ?? [],
    EnableTerminationProtection: state.terminationProtection ?? false,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  }
}

/** The given or default values, without those that must not be shown. */
export function toParameters(
  { bootstrap }: CloudFormationContext,
  { templateText, parameters }: StackSource,
): Wire[] | undefined {
  const template = JSON.parse(templateText) as JsonObject
  const declared = isObject(template.Parameters) ? template.Parameters : {}
  const all = Object.entries(declared).map(([name, each]): Wire => {
    const { Default, NoEcho, Type } = isObject(each) ? each : {}
    const value = toText(parameters[name] ?? Default ?? '')
    const isHidden = NoEcho === true || NoEcho === 'true'
    const isStored = String(Type).startsWith('AWS::SSM::Parameter::Value<')
    return {
      ParameterKey: name,
      ParameterValue: isHidden ? '****' : value,
      ResolvedValue:
        isStored && value === bootstrap.parameterName
          ? bootstrap.version
          : undefined,
    }
  })
  return all.length === 0 ? undefined : all
}

export function toEvent(state: StackState, event: StackEvent): Wire {
  return {
    StackId: state.id,
    EventId: event.eventId,
    StackName: state.name,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.at),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties && JSON.stringify(event.properties),
    ClientRequestToken: event.requestToken,
  }
}

/** The resources, each with its last event. */
export function toResources(
  context: CloudFormationContext,
  state: StackState,
): Wire[] {
  const last = new Map<string, StackEvent>()
  for (const event of context.store.events.list(state.id))
    if (event.physicalId !== state.id) last.set(event.logicalId, event)
  const isThere = (id: string) => Object.hasOwn(state.resources, id)
  // After a rollback, resources that couldn't be created are not listed.
  const isUnsettled = !state.status.endsWith('_COMPLETE')
  const shown = [...last.values()].filter(
    ({ logicalId, status }) =>
      isThere(logicalId) ||
      state.status === 'DELETE_COMPLETE' ||
      (isUnsettled && !status.endsWith('_COMPLETE')),
  )
  // An older version, which didn't store events, loaded the stack.
  const others = Object.entries(state.resources).filter(([id]) => !last.has(id))
  return [
    ...shown.map(({ logicalId, physicalId, type, at, status, reason }) => ({
      LogicalResourceId: logicalId,
      PhysicalResourceId:
        state.resources[logicalId]?.physicalId ?? (physicalId || undefined),
      ResourceType: type,
      LastUpdatedTimestamp: new Date(at),
      ResourceStatus: status,
      ResourceStatusReason: reason,
      DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
    })),
    ...others.map(([logicalId, { physicalId, type }]) => ({
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      LastUpdatedTimestamp: new Date(state.updatedAt ?? state.createdAt),
      ResourceStatus: 'CREATE_COMPLETE',
      DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
    })),
  ]
}

export function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
