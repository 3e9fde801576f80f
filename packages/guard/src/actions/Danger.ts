/** Dangers, at any nesting level, that a rule allows only if it lists them. */
export const dangers = {
  'unlimited-approval':
    'lets another account take more of a token than can exist',
  'approval-for-all': 'lets another account take all of a token',
  permit: 'passes on a signed approval',
  ownership: 'hands over control of a contract',
  upgrade: 'replaces the code of a contract',
  owners: 'changes who owns a Safe',
  module: 'lets a module move the assets of a Safe',
  guard: 'changes the guard of a Safe',
  'fallback-handler': 'changes the contract that answers in the name of a Safe',
  'approve-hash': 'approves a hash or message that nobody can read',
  delegatecall: 'runs the code of another contract as the caller',
  refund: 'pays the account that executes it',
  'safe-tx-gas': 'can fail but still count as executed',
  'init-code': 'creates or sets up a smart account',
  'self-call':
    'calls the account itself, which is how its settings are changed',
  'data-handed-on': 'makes a token call the recipient with given data',
  'malformed-call': 'has a known selector, but not the canonical encoding',
  'order-for-nothing': 'sells something for nothing',
  'order-extension': 'is an order without its amounts and calls',
  'wrapped-hash': 'signs a hash in the name of a contract',
} as const

export type Danger = keyof typeof dangers

export const names = Object.keys(dangers) as Danger[]
