// Takes the place of node:process, of which the SDK imports these two names. Importing the real one evaluates
// all of its properties, standard input and output among them: 4 ms.

export const { env, versions } = process;
