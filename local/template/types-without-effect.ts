/**
 * Resource types that are understood and change nothing locally, each with the reason. A type that is neither
 * here nor has a handler ends the start.
 */
export const typesWithoutEffect: ReadonlyMap<string, string> = new Map([
  ['AWS::ApiGateway::Account', 'the role with which API Gateway writes logs'],
  ['AWS::ApiGateway::BasePathMapping', 'the local API has the address that the config says'],
  ['AWS::ApiGateway::DomainName', 'the local API has the address that the config says'],
  ['AWS::CDK::Metadata', 'tells AWS which constructs are in use'],
  ['AWS::CertificateManager::Certificate', 'there is no TLS locally'],
  ['AWS::CloudWatch::Alarm', 'nobody is called locally'],
  ['AWS::CloudWatch::CompositeAlarm', 'nobody is called locally'],
  ['AWS::CloudWatch::Dashboard', 'there are no metrics locally'],
  ['AWS::Lambda::Permission', 'who may call a function is not enforced'],
  ['AWS::Logs::MetricFilter', 'there are no metrics locally'],
  ['AWS::Route53::RecordSet', 'the local API has the address that the config says'],
  ['AWS::Logs::QueryDefinition', 'logs go to standard output'],
  ['AWS::SNS::Subscription', 'nobody is called locally'],
  ['AWS::SNS::Topic', 'nobody is called locally'],
  ['AWS::SNS::TopicPolicy', 'who may publish is not enforced'],
  ['AWS::SecretsManager::Secret', 'there is no CloudFront locally'],
  ['AWS::SQS::Queue', 'keeps signatures by others for an operator, of which CloudTrail tells'],
  ['AWS::SQS::QueuePolicy', 'who may send is not enforced'],
  ['AWS::SSM::Parameter', 'tells other stacks where things are'],
  ['AWS::WAFv2::LoggingConfiguration', 'there is no firewall locally'],
  ['AWS::WAFv2::WebACL', 'there is no firewall locally'],
  ['AWS::WAFv2::WebACLAssociation', 'there is no firewall locally'],
  ['Custom::ReservedConcurrency', 'functions have the machine to themselves locally'],
]);
