"""What stands in front of the API: the firewall, a host name of its own, the secrets that CloudFront sends."""

import json

from resource_types import client, lower_first, required, resource_type, without


@resource_type("AWS::WAFv2::WebACL")
class WebAcl:
    def create(name, properties):
        acl = client("wafv2").create_web_acl(**{"Name": name, **properties})["Summary"]
        return f"{acl['Name']}|{acl['Id']}|{properties['Scope']}", {"Arn": acl["ARN"], "Id": acl["Id"]}

    def update(ref, properties):
        acl = current_acl(ref)
        client("wafv2").update_web_acl(**acl, **without(properties, "Name", "Scope"))

    def delete(ref, properties):
        client("wafv2").delete_web_acl(**current_acl(ref))


def current_acl(ref):
    which = dict(zip(("Name", "Id", "Scope"), ref.split("|"), strict=True))
    return {**which, "LockToken": client("wafv2").get_web_acl(**which)["LockToken"]}


@resource_type("AWS::WAFv2::WebACLAssociation")
class WebAclAssociation:
    def create(name, properties):
        client("wafv2").associate_web_acl(**properties)
        return name, {}

    def delete(ref, properties):
        client("wafv2").disassociate_web_acl(ResourceArn=properties["ResourceArn"])


@resource_type("AWS::WAFv2::LoggingConfiguration")
class LoggingConfiguration:
    def create(name, properties):
        LoggingConfiguration.update(name, properties)
        return properties["ResourceArn"], {}

    def update(ref, properties):
        client("wafv2").put_logging_configuration(LoggingConfiguration=properties)

    def delete(ref, properties):
        client("wafv2").delete_logging_configuration(ResourceArn=properties["ResourceArn"])


@resource_type("AWS::CertificateManager::Certificate")
class Certificate:
    def create(name, properties):
        # AWS waits for the records of DomainValidationOptions, which CloudFormation sets in the hosted zone.
        request = without(properties, "DomainValidationOptions")
        return client("acm").request_certificate(**request)["CertificateArn"], {}

    def delete(ref, properties):
        client("acm").delete_certificate(CertificateArn=ref)


@resource_type("AWS::ApiGateway::DomainName")
class DomainName:
    def create(name, properties):
        endpoint = lower_first(properties["EndpointConfiguration"])
        rest = lower_first(without(properties, "EndpointConfiguration", "Tags"))
        made = client("apigateway").create_domain_name(**rest, endpointConfiguration=endpoint)
        return made["domainName"], {
            "RegionalDomainName": made.get("regionalDomainName", "none"),
            "RegionalHostedZoneId": made.get("regionalHostedZoneId", "none"),
        }

    def delete(ref, properties):
        client("apigateway").delete_domain_name(domainName=ref)


@resource_type("AWS::ApiGateway::BasePathMapping")
class BasePathMapping:
    def create(name, properties):
        client("apigateway").create_base_path_mapping(**lower_first(properties))
        return name, {}

    def delete(ref, properties):
        path = properties.get("BasePath", "(none)")
        which = lower_first(required(properties, "DomainName"))
        client("apigateway").delete_base_path_mapping(**which, basePath=path)


@resource_type("AWS::SecretsManager::Secret")
class Secret:
    def create(name, properties):
        generate = properties.get("GenerateSecretString", {})
        secrets = client("secretsmanager")
        parameters = without(generate, "SecretStringTemplate", "GenerateStringKey")
        value = secrets.get_random_password(**parameters)["RandomPassword"]
        if "GenerateStringKey" in generate:
            template = json.loads(generate["SecretStringTemplate"])
            value = json.dumps({**template, generate["GenerateStringKey"]: value})
        rest = without(properties, "GenerateSecretString")
        arn = secrets.create_secret(**{"Name": name, **rest}, SecretString=value)["ARN"]
        return arn, {"Id": arn}

    def delete(ref, properties):
        client("secretsmanager").delete_secret(SecretId=ref)
