import type { ResourceType } from '../ResourceType.js'
import { DynamoDbGlobalTable, DynamoDbTable } from './DynamoDbTable.js'
import { EventsRule } from './EventsRule.js'
import { IamPolicy } from './IamPolicy.js'
import { IamRole } from './IamRole.js'
import { KmsAlias } from './KmsAlias.js'
import { KmsKey } from './KmsKey.js'
import { LambdaFunction } from './LambdaFunction.js'
import { LambdaPermission } from './LambdaPermission.js'
import { LogsLogGroup } from './LogsLogGroup.js'
import {
  LambdaAlias,
  LambdaEventInvokeConfig,
  LambdaVersion,
} from './lambdaParts.js'
import { withoutLocalMeaning } from './withoutLocalMeaning.js'

/** All resource types that a local home supports. Other types are refused. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map([
  ['AWS::DynamoDB::GlobalTable', DynamoDbGlobalTable],
  ['AWS::DynamoDB::Table', DynamoDbTable],
  ['AWS::Events::Rule', EventsRule],
  ['AWS::IAM::Policy', IamPolicy],
  ['AWS::IAM::Role', IamRole],
  ['AWS::KMS::Alias', KmsAlias],
  ['AWS::KMS::Key', KmsKey],
  ['AWS::Lambda::Alias', LambdaAlias],
  ['AWS::Lambda::EventInvokeConfig', LambdaEventInvokeConfig],
  ['AWS::Lambda::Function', LambdaFunction],
  ['AWS::Lambda::Permission', LambdaPermission],
  ['AWS::Lambda::Version', LambdaVersion],
  ['AWS::Logs::LogGroup', LogsLogGroup],
  ...Object.entries(withoutLocalMeaning),
])
