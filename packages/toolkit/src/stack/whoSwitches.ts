import { allowedBy, type Template } from './Template.js'

/** Who may disable or enable a key, in words, from the template if visible. */
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

/** The same for the functions, which IAM policies control. */
export function whoSwitchesFunctions(action: string): string {
  return `a principal whose IAM policy allows ${action}`
}
