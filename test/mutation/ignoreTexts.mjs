// A plugin of Stryker: it leaves out what only words an error or a notice. A test
// that pins each text would say it twice.

/** What is made or called with a text. */
const words = /(Error|^refuse|^refuseKind|^noPrincipal|^wrong)$/

/** @param {any} node @returns {string} of what is called or made */
function nameOf(node) {
  const callee = node?.callee
  return callee?.property?.name ?? callee?.name ?? ''
}

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'texts',
    value: {
      /** @param {any} path @returns {string | undefined} why it is left out */
      shouldIgnore(path) {
        const { node, parent, listKey } = path
        if (path.isClassDeclaration() && /Error$/.test(node.id?.name ?? ''))
          return 'the text of an error'
        if (listKey === 'arguments' && words.test(nameOf(parent)))
          return 'a text'
        return undefined
      },
    },
  },
]
