export const stackHelp =
  'name of the stack (default: keyward; in the local home keyward-dev)'
