/** Name of the stack that every local home has. */
export const stackName = 'keyward-dev'
