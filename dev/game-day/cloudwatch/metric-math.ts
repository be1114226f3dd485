/**
 * The part of CloudWatch's metric math that our alarms use. A template with another function or operator fails.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */

/** A value for each minute; NaN where there is no data point. */
export type Series = Float64Array;

/** A number has no gaps, a series may. */
type Value = number | Series;

type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node };

export interface Expression {
  /** The metrics and expressions that it reads. */
  readonly ids: readonly string[];
  /** @param read returns the series of an id */
  evaluate(read: (id: string) => Series): Series;
}

/** From the weakest to the strongest. */
const precedence: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  OR: (left, right) => Number(left !== 0 || right !== 0),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  // A division by zero gives no data point.
  '/': (left, right) => (right === 0 ? Number.NaN : left / right),
};

const synonyms: Readonly<Record<string, string>> = { '||': 'OR', '&&': 'AND' };

/** @throws Error for an expression that this evaluator does not understand */
export function parseExpression(text: string): Expression {
  const tokens = tokenise(text);
  const ids = new Set<string>();
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`metric math: ${what} in ${text}`);
  };
  const take = (expected?: string): string => {
    const token = tokens[at];
    at += 1;
    if (token === undefined || (expected !== undefined && token !== expected)) {
      return fail(`expected ${expected ?? 'more'}, found ${token ?? 'the end'}`);
    }
    return token;
  };

  function parseLevel(level: number): Node {
    const operators = precedence[level];
    if (operators === undefined) return parseOperand();
    let left = parseLevel(level + 1);
    for (let token = tokens[at]; token !== undefined && operators.includes(token); token = tokens[at]) {
      at += 1;
      left = { kind: 'binary', operator: synonyms[token] ?? token, left, right: parseLevel(level + 1) };
    }
    return left;
  }

  function parseOperand(): Node {
    const token = take();
    if (token === '(') {
      const inner = parseLevel(0);
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (/^[A-Z]/.test(token)) return parseCall(token);
    if (!/^[a-z]/.test(token)) return fail(`unexpected ${token}`);
    ids.add(token);
    return { kind: 'id', id: token };
  }

  function parseCall(name: string): Node {
    const counts = { IF: [2, 3], FILL: [2] }[name];
    if (counts === undefined) return fail(`the function ${name} is unknown`);
    take('(');
    const args = [parseLevel(0)];
    while (tokens[at] === ',') {
      at += 1;
      args.push(parseLevel(0));
    }
    take(')');
    if (!counts.includes(args.length)) return fail(`${name} takes ${counts.join(' or ')} arguments`);
    if (name === 'FILL' && args[1]?.kind !== 'number') return fail('FILL takes a number');
    return { kind: 'call', name, args };
  }

  const root = parseLevel(0);
  if (at < tokens.length) fail(`unexpected ${tokens[at]}`);
  return {
    ids: [...ids],
    evaluate: (read) => {
      const value = evaluate(root, read);
      return typeof value === 'number' ? fail('no time series') : value;
    },
  };
}

function tokenise(text: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = /\s*(\d+(?:\.\d+)?|[A-Za-z]\w*|[<>=!]=|&&|\|\||[-+*/<>(),])/gy;
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    tokens.push(match[1] ?? '');
    end = pattern.lastIndex;
  }
  if (text.slice(end).trim() !== '')
    throw new Error(`metric math: unexpected ${text.slice(end).trim()} in ${text}`);
  return tokens;
}

function evaluate(node: Node, read: (id: string) => Series): Value {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'id':
      return read(node.id);
    case 'binary': {
      const operation = operations[node.operator] as (left: number, right: number) => number;
      // A data point exists where both sides have one: a comparison with nothing is neither true nor false.
      return combine([evaluate(node.left, read), evaluate(node.right, read)], (left, right) =>
        Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : operation(left, right),
      );
    }
    case 'call': {
      const args = node.args.map((arg) => evaluate(arg, read));
      // Without a third argument there is no data point where the condition is false.
      if (node.name === 'IF' && args.length < 3) args.push(Number.NaN);
      return combine(args, node.name === 'FILL' ? fill : choose);
    }
  }
}

const fill = (value: number, filler: number) => (Number.isNaN(value) ? filler : value);

/** The branch that is not taken may have no data point. */
const choose = (condition: number, then: number, otherwise: number) =>
  Number.isNaN(condition) ? Number.NaN : condition !== 0 ? then : otherwise;

function combine(
  [first = 0, second = 0, third = 0]: readonly Value[],
  operation: (first: number, second: number, third: number) => number,
): Value {
  const series = [first, second, third].find((value) => typeof value !== 'number');
  const read = (value: Value, index: number) => (typeof value === 'number' ? value : (value[index] ?? 0));
  const at = (index: number) => operation(read(first, index), read(second, index), read(third, index));
  return series === undefined ? at(0) : series.map((_, index) => at(index));
}
