import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import dynalite from 'dynalite';
import { buildTable, pickKey, type TableName, tableKeys, tableNames } from '../support/tables.ts';

/** A row as it is on the wire. */
export type Row = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** Everything that a database holds. */
export type Rows = Readonly<Record<TableName, readonly Row[]>>;

/** An HTTP response before it is sent. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The headers of a signed request. Nothing here verifies the signature. */
const signedHeaders = {
  'x-amz-date': '20260601T120000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=cell/20260601/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

/** A DynamoDB in this process, without a network, so that each cell of the matrix has its own. */
export class Database {
  static readonly #free: Database[] = [];
  readonly #serve: (request: object, response: object) => void;
  /** What was read of each table that has not changed since: to read them all takes longer than some requests. */
  readonly #read = new Map<TableName, readonly Row[]>();

  private constructor() {
    const [serve] = dynalite({ createTableMs: 0 }).listeners('request');
    if (serve === undefined) throw new Error('dynalite has no request listener any more');
    this.#serve = serve as (request: object, response: object) => void;
  }

  /**
   * Takes a database that another cell has given back, if there is one: to create tables takes longer than most cells.
   *
   * @param rows what the tables contain at first
   */
  static async take(rows?: Rows): Promise<Database> {
    const database = Database.#free.pop() ?? (await Database.#create());
    const present = await database.rows();
    for (const TableName of tableNames) {
      const wanted = rows?.[TableName] ?? [];
      for (const row of findMissing(present[TableName], wanted)) {
        await database.#call('DeleteItem', { TableName, Key: pickKey(TableName, row) });
      }
      for (const Item of findMissing(wanted, present[TableName])) {
        await database.#call('PutItem', { TableName, Item });
      }
    }
    return database;
  }

  /** Another cell may use the database. */
  giveBack(): void {
    Database.#free.push(this);
  }

  static async #create(): Promise<Database> {
    const database = new Database();
    for (const name of tableNames) await database.#createTable(name);
    return database;
  }

  /** Responds to a request of an AWS client. */
  answer(headers: RequestHeaders, body: Buffer): Promise<WireAnswer> {
    const request = Object.assign(Readable.from([body]), { headers, method: 'POST', url: '/' });
    return new Promise((resolve) => {
      const sent: Record<string, string> = {};
      const forgetRows = () => {
        if (!/\.(Put|Update|Delete|BatchWrite)Item$/.test(String(headers['x-amz-target']))) return;
        for (const name of tableNames) if (body.includes(`"${name}"`)) this.#read.delete(name);
      };
      const response: Pick<ServerResponse, 'statusCode'> & Record<string, unknown> = {
        statusCode: 200,
        setHeader: (name: string, value: unknown) => {
          sent[name.toLowerCase()] = String(value);
        },
        end: (text: unknown) => {
          forgetRows();
          resolve({ status: response.statusCode, headers: sent, body: String(text) });
        },
      };
      this.#serve(request, response);
    });
  }

  async rows(): Promise<Rows> {
    for (const TableName of tableNames) {
      if (this.#read.has(TableName)) continue;
      const { Items = [] } = await this.#call('Scan', { TableName, ConsistentRead: true });
      this.#read.set(TableName, Items as readonly Row[]);
    }
    return Object.fromEntries(this.#read) as Record<TableName, readonly Row[]>;
  }

  async #createTable(name: TableName): Promise<void> {
    await this.#call('CreateTable', buildTable(name, tableKeys[name]));
    for (let status: unknown; status !== 'ACTIVE'; await setImmediate()) {
      const { Table } = await this.#call('DescribeTable', { TableName: name });
      status = Object(Table).TableStatus;
    }
  }

  async #call(action: string, input: unknown): Promise<Readonly<Record<string, unknown>>> {
    const headers = {
      ...signedHeaders,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${action}`,
    };
    const { status, body } = await this.answer(headers, Buffer.from(JSON.stringify(input)));
    if (status !== 200) throw new Error(`${action}: ${body}`);
    return JSON.parse(body);
  }
}

/** Returns the rows that the others do not have. */
function findMissing(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  return rows.filter((row) => !others.some((other) => isDeepStrictEqual(row, other)));
}
