import type { KnownMembers } from '../protocol/jsonOperations.js'

const group = ['logGroupName', 'logGroupIdentifier']
const page = ['limit', 'nextToken']
const times = ['startTime', 'endTime']

export const members: Readonly<Record<string, KnownMembers>> = {
  CreateLogGroup: {
    read: ['logGroupName'],
    harmless: {
      deletionProtectionEnabled: [false],
      logGroupClass: ['STANDARD'],
      tags: [{}],
    },
  },
  DeleteLogGroup: { read: ['logGroupName'] },
  DeleteRetentionPolicy: { read: ['logGroupName'] },
  DescribeLogGroups: {
    read: ['logGroupNamePrefix', 'logGroupNamePattern', ...page],
    harmless: { includeLinkedAccounts: [false], logGroupClass: ['STANDARD'] },
  },
  DescribeLogStreams: {
    read: [...group, 'logStreamNamePrefix', 'orderBy', 'descending', ...page],
  },
  FilterLogEvents: {
    read: [
      ...[...group, 'logStreamNames', 'logStreamNamePrefix', ...times],
      ...['filterPattern', ...page],
    ],
    // Events are always in order, and never masked.
    harmless: { interleaved: [true, false], unmask: [true, false] },
  },
  GetLogEvents: {
    read: [...group, 'logStreamName', ...times, 'startFromHead', ...page],
    harmless: { unmask: [true, false] },
  },
  PutRetentionPolicy: { read: ['logGroupName', 'retentionInDays'] },
}
