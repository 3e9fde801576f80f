import { AwsError } from '../protocol/Service.js'

export const validation = (text: string) =>
  new AwsError('ValidationError', text)

/** CloudFormation has two wordings for this. */
export const noStackWithId = (name: string) =>
  validation(`Stack with id ${name.slice(0, 200)} does not exist`)

export const noStack = (name: string) =>
  validation(`Stack [${name.slice(0, 200)}] does not exist`)

export const changeSetNotFound = (name: string) =>
  new AwsError(
    'ChangeSetNotFound',
    `ChangeSet [${name.slice(0, 200)}] does not exist`,
    404,
  )

export const cannotUpdate = (stackId: string, status: string) =>
  validation(`Stack:${stackId} is in ${status} state and can not be updated.`)
