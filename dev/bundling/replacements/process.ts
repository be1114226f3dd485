// Replaces node:process, from which the SDK imports these two names. An import of the real module evaluates all of its
// properties, standard input and output among them, which takes 4 ms.

export const { env, versions } = process;
