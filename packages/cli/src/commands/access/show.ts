import { note, pluralize } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import { subjectInputs, subjectOf } from './accessInputs.js'

export const showCommand = define('show', {
  description: 'show who can do what with a key',
  takes: {
    ...subjectInputs,
    matrix: toggle('--matrix', 'show a table of operations and principals'),
  },
  help: `With --stack, also shows who can invoke the stack's functions.
Calls kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants.`,
  examples: [
    'keyward access show --key alias/treasury',
    'keyward access show --key alias/treasury --matrix',
    'keyward access show --stack treasury --json',
  ],
  async run(terminal, options) {
    const { callersText, matrixText, openAccess } = await import(
      '@keyward/toolkit/access'
    )
    const { whoCan, whoCanText } = await import('@keyward/iam/review')
    const subject = subjectOf(terminal, options)
    return openAccess(terminal, subject, {}, async ({ access, callers }) => {
      const { key, policyText, grants } = access
      if (grants === undefined)
        note(terminal, "You have no permission to list the key's grants.")
      else if (grants.length > 0)
        note(
          terminal,
          `The key also has ${pluralize(grants.length, 'grant')}. To see what grants allow, run keyward access check.`,
        )
      const found = whoCan(policyText, key)
      return {
        data: {
          ...{ key: key.arn, access: found.rows, unread: found.unread },
          ...(callers && { callers: callers.rows, anyCaller: callers.anyone }),
        },
        text: [
          options.matrix
            ? matrixText(found, terminal.stdout.style)
            : whoCanText(found),
          ...('stack' in subject && callers !== undefined
            ? ['', callersText(subject.stack, callers)]
            : []),
        ].join('\n'),
      }
    })
  },
})
