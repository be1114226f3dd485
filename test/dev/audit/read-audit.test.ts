import { describe, expect, test } from '@jest/globals';
import { MissingToolError } from '../../../bin/command.ts';
import { readAudit } from '../../../dev/audit/read-audit.ts';

function report(...severities: readonly string[]): string {
  const vulnerabilities = Object.fromEntries(
    severities.map((severity, index) => [
      `package-${index}`,
      {
        name: `package-${index}`,
        severity,
        range: '<2.0.0',
        via: index === 0 ? [{ title: 'Reads too much', url: 'https://advisories.example/1' }] : ['package-0'],
      },
    ]),
  );
  return JSON.stringify({ auditReportVersion: 2, vulnerabilities });
}

describe('an audit of the dependencies', () => {
  test('is clean when the registry knows of nothing', () => {
    expect(readAudit(report())).toEqual({ grave: [], lesser: [] });
  });

  test.each(['high', 'critical'])('a vulnerability that is %s is grave', (severity) => {
    expect(readAudit(report(severity)).grave).toEqual([
      `package-0 <2.0.0: ${severity}; Reads too much, https://advisories.example/1`,
    ]);
  });

  test.each(['info', 'low', 'moderate'])('one that is %s is told, and is not', (severity) => {
    expect(readAudit(report(severity))).toEqual({ grave: [], lesser: [expect.stringContaining(severity)] });
  });

  test('a package that is vulnerable by another names it', () => {
    expect(readAudit(report('low', 'high')).grave).toEqual(['package-1 <2.0.0: high; by package-0']);
  });

  test.each([
    [
      'answers with an error',
      '{"message":"405 Method Not Allowed","statusCode":405}',
      '405 Method Not Allowed',
    ],
    ['can not be reached', '{"message":"request failed, reason: ENOTFOUND","error":{}}', 'ENOTFOUND'],
    ['makes npm write no JSON', 'Error: npm is not there', 'npm is not there'],
    ['makes npm write nothing', '', 'NOT audited'],
  ])('a registry that %s is neither clean nor vulnerable', (_, output, message) => {
    expect(() => readAudit(output)).toThrow(MissingToolError);
    expect(() => readAudit(output)).toThrow(message);
  });
});
