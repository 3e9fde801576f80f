import { join } from 'node:path'
import { createQueryService } from '../protocol/awsQuery.js'
import type { Service } from '../protocol/Service.js'
import { answerSoon } from './answerSoon.js'
import { type ChangeSetStore, createChangeSetStore } from './ChangeSet.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { ContinueUpdateRollback } from './operations/ContinueUpdateRollback.js'
import { CreateChangeSet } from './operations/CreateChangeSet.js'
import { CreateStack } from './operations/CreateStack.js'
import { DeleteChangeSet } from './operations/DeleteChangeSet.js'
import { DeleteStack } from './operations/DeleteStack.js'
import { DescribeChangeSet } from './operations/DescribeChangeSet.js'
import { DescribeEvents } from './operations/DescribeEvents.js'
import { DescribeStackEvents } from './operations/DescribeStackEvents.js'
import { DescribeStackResource } from './operations/DescribeStackResource.js'
import { DescribeStackResources } from './operations/DescribeStackResources.js'
import { DescribeStacks } from './operations/DescribeStacks.js'
import { ExecuteChangeSet } from './operations/ExecuteChangeSet.js'
import { GetTemplate } from './operations/GetTemplate.js'
import { GetTemplateSummary } from './operations/GetTemplateSummary.js'
import { ListChangeSets } from './operations/ListChangeSets.js'
import { ListExports } from './operations/ListExports.js'
import { ListHookResults } from './operations/ListHookResults.js'
import { ListImports } from './operations/ListImports.js'
import { ListStackResources } from './operations/ListStackResources.js'
import { ListStacks } from './operations/ListStacks.js'
import { RollbackStack } from './operations/RollbackStack.js'
import { UpdateStack } from './operations/UpdateStack.js'
import { UpdateTerminationProtection } from './operations/UpdateTerminationProtection.js'
import { ValidateTemplate } from './operations/ValidateTemplate.js'

const operations = {
  ContinueUpdateRollback,
  CreateChangeSet,
  CreateStack,
  DeleteChangeSet,
  DeleteStack,
  DescribeChangeSet,
  DescribeEvents,
  DescribeStackEvents,
  DescribeStackResource,
  DescribeStackResources,
  DescribeStacks,
  ExecuteChangeSet,
  GetTemplate,
  GetTemplateSummary,
  ListChangeSets,
  ListExports,
  ListHookResults,
  ListImports,
  ListStackResources,
  ListStacks,
  RollbackStack,
  UpdateStack,
  UpdateTerminationProtection,
  ValidateTemplate,
}

export type CloudFormation = Service & {
  /** Resolves once no operation is running. */
  settled(): Promise<void>
}

/**
 * AWS CloudFormation for the resource types of a local home. An operation on a
 * stack runs the same code as loading an assembly.
 */
export function createCloudFormation(
  parameters: Omit<CloudFormationContext, 'changeSets' | 'runInBackground'> & {
    /** Change sets are stored in its subfolder `stacks/change-sets`. */
    dataDir: string
  },
): CloudFormation {
  const running = new Set<Promise<unknown>>()
  const changeSets = createChangeSetStore(
    join(parameters.dataDir, 'stacks', 'change-sets'),
  )
  settleChangeSets(changeSets, parameters.store)
  const service = createQueryService<CloudFormationContext>({
    name: 'cloudformation',
    maxBodyBytes: 4 * 1024 * 1024,
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    version: '2010-05-15',
    operations,
    context: {
      ...parameters,
      changeSets,
      async runInBackground(work) {
        running.add(work)
        const done = work.finally(() => running.delete(work))
        done.catch(() => {})
        await answerSoon(done)
      },
    },
  })
  return {
    ...service,
    async settled() {
      await Promise.allSettled([...running])
    },
  }
}

/**
 * Ends change sets whose execution was killed. Their stacks are already
 * settled.
 */
function settleChangeSets(
  changeSets: ChangeSetStore,
  store: CloudFormationContext['store'],
): void {
  for (const changeSet of changeSets.all()) {
    const status = store.byId(changeSet.stackId)?.status
    if (status === undefined) changeSets.remove(changeSet)
    else if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS')
      changeSets.save({
        ...changeSet,
        executionStatus:
          status === 'REVIEW_IN_PROGRESS'
            ? 'AVAILABLE'
            : /^(?:CREATE|UPDATE)_COMPLETE$/.test(status)
              ? 'EXECUTE_COMPLETE'
              : 'EXECUTE_FAILED',
      })
  }
}
