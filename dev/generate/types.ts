import type { Schema } from '../../lib/config/read-schema.ts';
import { describeDefault, wrapText } from './text.ts';

const header = `// Generated from config/schema.json by \`npm run generate\`: change the schema, not this file.

/** The config of a deployment: one file of \`config/\`, validated, with its defaults and its provider filled in. */
export interface DeploymentConfig extends Omit<ConfigFile, '$schema' | 'provider'> {
  readonly provider: ProviderEndpoints;
}

/** A config file, validated and with its defaults filled in. */
`;
const lineWidth = 110;

/** Renders the TypeScript types of a config. A field with a default is never absent. */
export function renderTypes(schema: Schema): string {
  const declarations = new Map<string, string>();
  declareType(schema, declarations);
  return `${header}${[...declarations.values()].join('\n')}`;
}

function declareType(schema: Schema, declarations: Map<string, string>): void {
  const { typeName = '', properties, required = [] } = schema;
  if (declarations.has(typeName)) return;
  if (properties === undefined) {
    declarations.set(typeName, renderUnionType(schema));
    return;
  }
  // A type stands before the types of its fields.
  declarations.set(typeName, '');
  const fields = Object.entries(properties).map(([name, field]) => {
    const optional = required.includes(name) || field.default !== undefined ? '' : '?';
    const key = /^[a-z$]\w*$/i.test(name) ? name : `'${name}'`;
    return `${renderDocstring(field)}  readonly ${key}${optional}: ${renderType(field, declarations)};\n`;
  });
  declarations.set(typeName, `export interface ${typeName} {\n${fields.join('')}}\n`);
}

function renderType(schema: Schema, declarations: Map<string, string>): string {
  if (schema.typeName !== undefined) {
    declareType(schema, declarations);
    return schema.typeName;
  }
  if (schema.items !== undefined) return `readonly ${renderType(schema.items, declarations)}[]`;
  if (schema.enum !== undefined) return renderUnion(schema).join(' | ');
  return schema.type === 'integer' ? 'number' : String(schema.type);
}

function renderUnion({ enum: values = [] }: Schema): readonly string[] {
  if (values.some((value) => typeof value === 'number')) return ['number'];
  return values.map((value) => `'${value}'`);
}

function renderUnionType(schema: Schema): string {
  const members = renderUnion(schema);
  const line = `export type ${schema.typeName} = ${members.join(' | ')};\n`;
  if (line.length <= lineWidth) return line;
  return `export type ${schema.typeName} =\n${members.map((member) => `  | ${member}`).join('\n')};\n`;
}

function renderDocstring(field: Schema): string {
  const text = `${field.description ?? ''} ${describeDefault(field)}`.trim();
  if (text === '') return '';
  const line = `  /** ${text} */\n`;
  if (line.length <= lineWidth) return line;
  const lines = wrapText(text, lineWidth - 5).map((each) => `   * ${each}\n`);
  return `  /**\n${lines.join('')}   */\n`;
}
