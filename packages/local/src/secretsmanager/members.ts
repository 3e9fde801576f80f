import type { KnownMembers } from '../protocol/jsonOperations.js'

const value = ['SecretString', 'SecretBinary', 'ClientRequestToken']
/** The key that AWS uses by default. */
const ownKey = { KmsKeyId: ['alias/aws/secretsmanager'] }

export const members: Readonly<Record<string, KnownMembers>> = {
  CreateSecret: {
    read: ['Name', 'Description', ...value],
    harmless: {
      ...ownKey,
      AddReplicaRegions: [[]],
      ForceOverwriteReplicaSecret: [false],
      Tags: [[]],
    },
  },
  DeleteSecret: { read: ['SecretId', 'ForceDeleteWithoutRecovery'] },
  DescribeSecret: { read: ['SecretId'] },
  GetSecretValue: { read: ['SecretId', 'VersionId', 'VersionStage'] },
  ListSecrets: {
    read: [],
    // Here, deleted secrets no longer exist.
    harmless: { Filters: [[]], IncludePlannedDeletion: [true, false] },
  },
  PutSecretValue: {
    read: ['SecretId', ...value],
    harmless: { VersionStages: [['AWSCURRENT']] },
  },
  UpdateSecret: {
    read: ['SecretId', 'Description', ...value],
    harmless: ownKey,
  },
}
