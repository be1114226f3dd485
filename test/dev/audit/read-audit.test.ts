import { describe, expect, it } from '@jest/globals';
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

describe('readAudit', () => {
  it('returns nothing without vulnerabilities', () => {
    expect(readAudit(report())).toEqual({ grave: [], lesser: [] });
  });

  it.each(['high', 'critical'])('returns a %s vulnerability as grave', (severity) => {
    expect(readAudit(report(severity)).grave).toEqual([
      `package-0 <2.0.0: ${severity}; Reads too much, https://advisories.example/1`,
    ]);
  });

  it.each(['info', 'low', 'moderate'])('returns a vulnerability of severity %s as lesser', (severity) => {
    expect(readAudit(report(severity))).toEqual({ grave: [], lesser: [expect.stringContaining(severity)] });
  });

  it('names the package that makes another one vulnerable', () => {
    expect(readAudit(report('low', 'high')).grave).toEqual(['package-1 <2.0.0: high; by package-0']);
  });

  it.each([
    ['returns an error', '{"message":"405 Method Not Allowed","statusCode":405}', '405 Method Not Allowed'],
    ['cannot be reached', '{"message":"request failed, reason: ENOTFOUND","error":{}}', 'ENOTFOUND'],
    ['makes npm write no JSON', 'Error: npm is not there', 'npm is not there'],
    ['makes npm write nothing', '', 'NOT audited'],
  ])('throws if the registry %s', (_, output, message) => {
    expect(() => readAudit(output)).toThrow(MissingToolError);
    expect(() => readAudit(output)).toThrow(message);
  });
});
