// Leaves out what only words an error or a notice: a test that pins each text
// would say it twice.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

const words =
  /(Error|^refuse|^refuseKind|^explain|^describe\w*|^noPrincipal|^quote|^wrong|^notice)$/

/** @param {any} node @returns {string} of what is called or made */
function nameOf(node) {
  const callee = node?.callee
  return callee?.property?.name ?? callee?.name ?? ''
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'texts', {
    /** @param {any} path */
    shouldIgnore(path) {
      const { node, parent, listKey } = path
      if (path.isClassDeclaration() && /Error$/.test(node.id?.name ?? ''))
        return 'the text of an error'
      if (listKey === 'arguments' && words.test(nameOf(parent))) return 'a text'
      return undefined
    },
  }),
]
