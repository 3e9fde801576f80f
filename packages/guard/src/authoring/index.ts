export { caller as parseCaller } from '../policy/parse/values.js'
export { documentText } from './documentText.js'
export { type Explanation, explain } from './explain/explain.js'
export type { Row } from './explain/explainRule.js'
export type { Finding } from './lint/Finding.js'
export { lint } from './lint/lint.js'
export { readAbi } from './readAbi.js'
export { type Case, type CaseResult, readCases, runCase } from './runCase.js'
export { exampleTokens } from './templates/examples.js'
export { templateNames, templates } from './templates/index.js'
export type {
  PolicyDocument,
  TemplateOptions,
  TemplateToken,
} from './templates/Template.js'
