/**
 * Resource types that are understood and change nothing locally, each with the reason. A type that is not in this list
 * and has no handler ends the start.
 */
export const typesWithoutEffect: ReadonlyMap<string, string> = new Map([
  ['AWS::ApiGateway::Account', 'the role with which API Gateway writes logs'],
  ['AWS::ApiGateway::BasePathMapping', 'the local API has an address on this machine'],
  ['AWS::ApiGateway::DomainName', 'the local API has an address on this machine'],
  ['AWS::CertificateManager::Certificate', 'the local API has a certificate of this machine, or none'],
  ['AWS::CloudWatch::Alarm', 'there are no alarms locally'],
  ['AWS::CloudWatch::CompositeAlarm', 'there are no alarms locally'],
  ['AWS::CloudWatch::Dashboard', 'there are no metrics locally'],
  ['AWS::Route53::RecordSet', 'the local API has an address on this machine'],
  ['AWS::Logs::QueryDefinition', 'logs go to standard output'],
  ['AWS::SNS::Subscription', 'there are no alarms locally'],
  ['AWS::SNS::Topic', 'there are no alarms locally'],
  ['AWS::SNS::TopicPolicy', 'who may publish is not enforced'],
  ['AWS::SecretsManager::Secret', 'there is no CloudFront locally'],
  ['AWS::SQS::Queue', 'there is no CloudTrail locally, whose events it keeps for an operator'],
  ['AWS::SQS::QueuePolicy', 'who may send is not enforced'],
  ['AWS::SSM::Parameter', 'there are no other stacks locally that read it'],
  ['AWS::WAFv2::LoggingConfiguration', 'there is no firewall locally'],
  ['AWS::WAFv2::WebACL', 'there is no firewall locally'],
  ['AWS::WAFv2::WebACLAssociation', 'there is no firewall locally'],
  ['Custom::ReservedConcurrency', 'functions have the machine to themselves locally'],
]);
