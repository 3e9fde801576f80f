import { allowedBy, type Template } from './Template.js'

/**
 * Describes who is allowed to disable or enable a key. Uses the template if it
 * is visible.
 */
export function whoSwitchesKey(
  template: Template | undefined,
  action: 'kms:DisableKey' | 'kms:EnableKey',
): string {
  const arns = template === undefined ? [] : allowedBy(template, action)
  const kinds =
    action === 'kms:DisableKey'
      ? 'an administrator or the break-glass role of the key'
      : 'an administrator of the key'
  return arns.length === 0 ? kinds : `${kinds}: ${arns.join(', ')}`
}

/** Describes the same for the functions, which IAM policies control. */
export function whoSwitchesFunctions(action: string): string {
  return `a principal whose IAM policy allows ${action}`
}
