import type { KnownMembers } from '../protocol/jsonOperations.js'

const noFilters = { Filters: [[]], ParameterFilters: [[]] }

export const members: Readonly<Record<string, KnownMembers>> = {
  DeleteParameter: { read: ['Name'] },
  DescribeParameters: { read: [], harmless: { ...noFilters, Shared: [false] } },
  GetParameter: { read: ['Name', 'WithDecryption'] },
  GetParameters: { read: ['Names', 'WithDecryption'] },
  GetParametersByPath: {
    read: ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken'],
    harmless: noFilters,
  },
  PutParameter: {
    read: [
      ...['Name', 'Value', 'Type', 'Overwrite', 'Description', 'KeyId'],
      // These are refused with their own messages.
      ...['Tags', 'AllowedPattern', 'Policies', 'Tier', 'DataType'],
    ],
  },
}
