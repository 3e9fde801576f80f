import { pluralize, toColumns } from '@keyward/toolkit'
import {
  type DeployedStack,
  type DeployOptions,
  deploy,
  type PinnedAccount,
} from '@keyward/toolkit/deploy'
import type { Step } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { nextStepText } from './nextStepText.js'

/** Creates a stack, or changes its settings. */
export async function deployStack(
  terminal: Terminal,
  options: DeployOptions,
): Promise<Result> {
  const { name, changes, done, data } = await deploy(terminal, options)
  if (done === undefined)
    return {
      data,
      text:
        changes.length === 0
          ? `No changes: ${name} is up to date.`
          : `${pluralize(changes.length, 'resource')} of ${name} would change. Nothing was done: this was a dry run.`,
    }
  const { stack, ledger, guard, pinned } = done
  const { parts, accounts } = pinned
  const { red } = terminal.stdout.style
  const [only] = accounts
  const isMultisig = only?.role !== undefined
  const isPinned = accounts.every(({ pin }) => pin !== undefined)
  const next = isMultisig
    ? nextText(name, done)
    : nextStepText(name, changes, done)
  const isComplete = isPinned && ledger?.done !== false && guard?.done !== false
  return {
    data,
    text: [
      toColumns([
        ['stack', `${name}  ${stack?.status ?? ''}`],
        ...(isMultisig
          ? accounts.map(
              (one) => [one.role ?? '', accountText(one, red)] as const,
            )
          : [
              ['key', stack?.outputs.KeyArn ?? only?.key] as const,
              ['address', addressText(only)] as const,
              ['pin', only?.pin ?? red('UNPINNED')] as const,
            ]),
        ...parts.functions.map(({ name }) => ['function', name] as const),
      ]),
      ...(isPinned
        ? []
        : [
            "To pin the address, run keyward deploy again as a principal that can call kms:GetPublicKey or invoke a function's alias status.",
          ]),
      ...(ledger === undefined ? [] : [ledgerText(ledger)]),
      ...(guard === undefined ? [] : [guardText(guard)]),
      ...(next === undefined ? [] : [next]),
    ].join('\n\n'),
    exitCode: isComplete ? 0 : 3,
  }
}

function guardText({ note, done, runAs }: Step.Step): string {
  if (done) return note
  return `The new functions can NOT count in the guard table: ${note}. Until they can, they don't sign anything that a window counts. ${howToProtect(runAs)}`
}

function howToProtect(runAs: string | undefined): string {
  return runAs === undefined
    ? 'Fix the problem, then run keyward ledger protect.'
    : `Run keyward ledger protect as ${runAs}.`
}

function addressText(account: PinnedAccount | undefined): string {
  if (account === undefined) return 'unknown'
  const { address } = account
  return address.address ?? `unknown: ${address.reason}`
}

function accountText(account: PinnedAccount, red: (text: string) => string) {
  const pin = account.pin === undefined ? red('UNPINNED') : 'pinned'
  return `${addressText(account)}  ${pin}`
}

/** The steps that a multisig still needs before it can sign. */
function nextText(
  name: string,
  { pinned, safe }: Exclude<DeployedStack['done'], undefined>,
): string {
  const owners = pinned.accounts.filter(({ role }) => role !== 'relayer')
  const relayer = pinned.accounts.find(({ role }) => role === 'relayer')
  if (safe !== undefined)
    return relayer === undefined
      ? `The stack signs bundles for the Safe ${safe}.`
      : `The stack signs for the Safe ${safe}. The relayer pays for the executions: keep some ether at ${addressText(relayer)}.`
  return [
    'The stack signs nothing until you deploy it with a safe file. Create a Safe with the owners below, or adopt one that has these owners, and deploy again:',
    '  keyward safe create --threshold N --safe-file FILE \\',
    ...owners.map((owner) => `    --owner ${addressText(owner)} \\`),
    '    …',
    `  keyward deploy --stack ${name} --safe-file FILE`,
  ].join('\n')
}

function ledgerText({ note, done, runAs }: Step.Step): string {
  if (done) return note
  const how = howToProtect(runAs)
  return `The protection of the ledger was NOT set: ${note}. Unless the table is already protected, anyone whose IAM policy lets them write to it can make the key sign payments. ${how}`
}
