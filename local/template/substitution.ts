const variablePattern = /\$\{(!?)([^}]*)\}/g;

/** Replaces each `${name}` of an Fn::Sub template; `${!name}` stands for a literal `${name}`. */
export function substitute(template: string, valueFor: (name: string) => string): string {
  return template.replace(variablePattern, (_whole, literal: string, name: string) =>
    literal === '!' ? `\${${name}}` : valueFor(name.trim()),
  );
}

/** The names that an Fn::Sub template refers to. */
export function substitutedNames(template: string): string[] {
  return [...template.matchAll(variablePattern)]
    .filter(([, literal]) => literal !== '!')
    .map(([, , name]) => (name ?? '').trim());
}
