import { expect, test } from 'vitest'
import { invoke } from './invoke.js'

const refusing = {
  send: async () => ({
    FunctionError: 'Unhandled',
    Payload: {
      transformToString: () =>
        JSON.stringify({
          errorType: 'NotAuthorizedError',
          errorMessage:
            'No rule allows this.\nDeploy another policy (keyward deploy --stack NAME --policy FILE).\nSee docs/errors/not-authorized.md',
        }),
    },
  }),
} as never

test.each([
  ['treasury', 'keyward deploy --stack treasury --policy FILE'],
  [undefined, 'keyward deploy --stack NAME --policy FILE'],
])("a function's command names its stack, if it is %s", async (stack, said) => {
  await expect(invoke(refusing, 'f', {}, stack)).rejects.toMatchObject({
    ...{ code: 'not-authorized', shortMessage: 'No rule allows this.' },
    details: `Deploy another policy (${said}).`,
  })
})
