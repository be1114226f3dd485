import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MissingToolError } from '../../../bin/command.ts';
import { cafOutcomes } from '../../../dev/check-template/caf-outcomes.ts';
import { findProgram, guardTemplate } from '../../../dev/check-template/guard.ts';

const directory = mkdtempSync(join(tmpdir(), 'one-login-guard-'));
afterAll(() => rmSync(directory, { recursive: true }));

function writeFile(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function guard(resources: object): Promise<readonly string[]> {
  const template = writeFile('template.json', JSON.stringify({ Resources: resources }));
  const findings = await guardTemplate(template);
  return findings.map(({ rule, logicalId, message }) => `${rule} ${logicalId} ${message}`);
}

const key = 'arn:aws:kms:eu-west-2:444455556666:key/1';
const table = {
  BillingMode: 'PAY_PER_REQUEST',
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
};

describe('guardTemplate', () => {
  it("finds each resource that fails a rule of AWS Control Tower, with the rule's outcomes in the CAF", async () => {
    const { PointInTimeRecoverySpecification, ...without } = table;
    const Type = 'AWS::DynamoDB::Table';
    const found = await guard({
      Kept: { Type, Properties: table },
      Lost: { Type, Properties: without },
      Off: {
        Type,
        Properties: { ...table, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
      },
    });
    const title =
      'Require that point-in-time recovery for an Amazon DynamoDB table is activated (CAF B3.c, B5.c)';
    expect(found.filter((line) => line.startsWith('CT')).sort()).toEqual([
      `CT.DYNAMODB.PR.1 Lost ${title}`,
      `CT.DYNAMODB.PR.1 Off ${title}`,
    ]);
  });

  it.each([
    ['DYNAMODB_AUTOSCALING_ENABLED', 'AWS::DynamoDB::Table', { ...table, BillingMode: 'PROVISIONED' }, table],
    ['IAM_NO_INLINE_POLICY_CHECK', 'AWS::IAM::Role', { Policies: [{ PolicyName: 'one' }] }, {}],
    ['LAMBDA_CONCURRENCY_CHECK', 'AWS::Lambda::Function', {}, { ReservedConcurrentExecutions: 1 }],
    ['LAMBDA_DLQ_CHECK', 'AWS::Lambda::Function', {}, { DeadLetterConfig: { TargetArn: 'arn' } }],
    ['SECRETSMANAGER_USING_CMK', 'AWS::SecretsManager::Secret', {}, { KmsKeyId: key }],
    ['SNS_ENCRYPTED_KMS', 'AWS::SNS::Topic', {}, { KmsMasterKeyId: key }],
  ])('only finds with our rule %s what fails it', async (rule, Type, bad, good) => {
    const found = await guard({ Bad: { Type, Properties: bad }, Good: { Type, Properties: good } });
    expect(found.filter((line) => line.startsWith(rule))).toEqual([
      expect.stringContaining(`${rule} Bad Require`),
    ]);
  });

  it.each([
    [
      'a firewall without a log',
      'WAFV2_LOGGING_ENABLED undefined Require that a firewall logs what it does (CAF C1.c)',
      { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{ Name: 'one' }] } },
      { Type: 'AWS::WAFv2::LoggingConfiguration', Properties: {} },
    ],
    [
      'a table without a backup plan',
      'DYNAMODB_IN_BACKUP_PLAN undefined Require that a backup plan has the DynamoDB tables (CAF B3.c, B5.c)',
      { Type: 'AWS::DynamoDB::Table', Properties: table },
      { Type: 'AWS::Backup::BackupSelection', Properties: {} },
    ],
  ])('finds %s in the whole template', async (_, expected, resource, other) => {
    expect(await guard({ Resource: resource })).toContain(expected);
    expect(await guard({ Resource: resource, Other: other })).not.toContain(expected);
  });

  it('throws if it cannot read a file of rules, which cfn-guard leaves out', async () => {
    const template = writeFile(
      'table.json',
      JSON.stringify({ Resources: { Table: { Type: 'AWS::DynamoDB::Table' } } }),
    );
    const rules = writeFile('broken.guard', 'rule BROKEN when {');
    await expect(guardTemplate(template, rules)).rejects.toThrow('cfn-guard failed: Parsing error');
  });
});

describe('findProgram', () => {
  it('throws on a system that has no cfn-guard', () => {
    expect(() => findProgram('win32', 'x64')).toThrow(MissingToolError);
    expect(() => findProgram('linux', 's390x')).toThrow(
      'There is no cfn-guard for linux on s390x: use Linux or macOS',
    );
  });
});

describe('an outcome of the CAF', () => {
  it('is for a rule that exists, and each rule of ours has one', () => {
    const own = [...readFileSync('dev/check-template/caf.guard', 'utf8').matchAll(/^rule (\w+)/gm)];
    const files = globSync(
      'node_modules/@cdklabs/cdk-validator-cfnguard/rules/control-tower/metadata/*/*.json',
    );
    const bought: readonly string[] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')).Id);
    const mapped = Object.keys(cafOutcomes);
    expect(mapped.filter((rule) => !bought.includes(rule))).toEqual(own.map(([, name]) => name));
  });
});
