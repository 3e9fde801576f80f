import { version } from '@keyward/toolkit'
import { define } from '../program/define.js'

export const versionCommand = define('version', {
  description: 'print the version',
  takes: {},
  examples: ['keyward version', 'keyward version --json'],
  run: async () => ({ data: { version: version() }, text: version() }),
})
