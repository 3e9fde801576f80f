import type { AwsResponse } from '../protocol/Service.js'
import { toFunctionArn } from './FunctionName.js'
import {
  type AliasRecord,
  type FunctionRecord,
  toLogGroup,
} from './FunctionRecord.js'

type Home = { accountId: string; region: string }

/** A FunctionConfiguration of the Lambda API. */
export function toWireConfiguration(
  home: Home,
  record: FunctionRecord,
  arn: string = toFunctionArn(home, record.name),
) {
  const { environment } = record
  return {
    FunctionName: record.name,
    FunctionArn: arn,
    Runtime: 'nodejs24.x',
    Role: record.roleArn,
    Handler: record.handler,
    CodeSize: record.codeSize,
    Description: record.description,
    Timeout: record.timeoutS,
    MemorySize: record.memorySizeMb,
    LastModified: new Date(record.lastModified)
      .toISOString()
      .replace('Z', '+0000'),
    CodeSha256: Buffer.from(record.codeSha256, 'hex').toString('base64'),
    Version: record.version,
    ...(Object.keys(environment).length > 0
      ? { Environment: { Variables: environment } }
      : {}),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: record.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: {
      LogFormat: record.logFormat,
      LogGroup: toLogGroup(record),
      ...(record.logFormat === 'JSON'
        ? {
            ApplicationLogLevel: record.applicationLogLevel,
            SystemLogLevel: 'INFO',
          }
        : {}),
    },
  }
}

export function toWireAlias(home: Home, name: string, alias: AliasRecord) {
  return {
    AliasArn: toFunctionArn(home, name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
  }
}

export function toJsonResponse(body: unknown, status = 200): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}
