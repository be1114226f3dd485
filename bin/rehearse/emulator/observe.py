"""Prints what exists in the emulated account as one JSON object, in AWS's own words: asked of it by the AWS SDK."""

import base64
import json
import os

import boto3


def client(service):
    return boto3.client(service)


def pages(service, operation, key, **parameters):
    """Every item of a list, over all its pages."""
    caller = client(service)
    if caller.can_paginate(operation):
        return [item for page in caller.get_paginator(operation).paginate(**parameters) for item in page[key]]
    return getattr(caller, operation)(**parameters)[key]


def stacks():
    for stack in pages("cloudformation", "describe_stacks", "Stacks"):
        of_stack = {"StackName": stack["StackId"]}
        resources = pages("cloudformation", "list_stack_resources", "StackResourceSummaries", **of_stack)
        yield {**stack, "Resources": resources}


def tables():
    for name in pages("dynamodb", "list_tables", "TableNames"):
        table = client("dynamodb").describe_table(TableName=name)["Table"]
        expiry = client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        yield {**table, "TimeToLive": expiry}


def aliases():
    return [alias for alias in pages("kms", "list_aliases", "Aliases") if "TargetKeyId" in alias]


def is_of_aws(alias):
    return alias["AliasName"].startswith("alias/aws/")


def keys():
    """Not those that AWS makes by itself in an account."""
    of_aws = {alias["TargetKeyId"] for alias in aliases() if is_of_aws(alias)}
    for key in pages("kms", "list_keys", "Keys"):
        if key["KeyId"] in of_aws:
            continue
        metadata = client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if metadata["KeyUsage"] == "SIGN_VERIFY" and metadata["Enabled"]:
            public_key = client("kms").get_public_key(KeyId=key["KeyId"])["PublicKey"]
            metadata["PublicKey"] = base64.b64encode(public_key).decode()
        policy = client("kms").get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
        yield {**metadata, "Policy": json.loads(policy)}


def functions():
    for function in pages("lambda", "list_functions", "Functions"):
        name = function["FunctionName"]
        try:
            policy = json.loads(client("lambda").get_policy(FunctionName=name)["Policy"])
        except client("lambda").exceptions.ResourceNotFoundException:
            policy = {"Statement": []}
        yield {**function, "Policy": policy}


def roles():
    iam = client("iam")
    for role in pages("iam", "list_roles", "Roles"):
        names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        policies = [iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name) for name in names]
        yield {**role, "Policies": [policy["PolicyDocument"] for policy in policies]}


def apis():
    gateway = client("apigateway")
    for api in pages("apigateway", "get_rest_apis", "items"):
        of_api = {"restApiId": api["id"]}
        resources = pages("apigateway", "get_resources", "items", **of_api)
        yield {
            **api,
            "resources": resources,
            "methods": [
                {
                    **gateway.get_method(**of_api, resourceId=resource["id"], httpMethod=name),
                    "resourceId": resource["id"],
                    "path": resource["path"],
                }
                for resource in resources
                for name in resource.get("resourceMethods", {})
            ],
            "gatewayResponses": pages("apigateway", "get_gateway_responses", "items", **of_api),
            "deployments": pages("apigateway", "get_deployments", "items", **of_api),
            "stages": gateway.get_stages(**of_api)["item"],
        }


def log_groups():
    for group in pages("logs", "describe_log_groups", "logGroups"):
        of_group = {"logGroupName": group["logGroupName"]}
        filters = pages("logs", "describe_subscription_filters", "subscriptionFilters", **of_group)
        yield {**group, "subscriptionFilters": filters}


def rules():
    for rule in pages("events", "list_rules", "Rules"):
        pattern = json.loads(rule.get("EventPattern", "null"))
        yield {**rule, "EventPattern": pattern, "Targets": client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]}


def parameters():
    for parameter in pages("ssm", "describe_parameters", "Parameters"):
        yield {**parameter, "Value": client("ssm").get_parameter(Name=parameter["Name"])["Parameter"]["Value"]}


def web_acls():
    firewall = client("wafv2")
    for summary in firewall.list_web_acls(Scope="REGIONAL")["WebACLs"]:
        yield firewall.get_web_acl(Name=summary["Name"], Id=summary["Id"], Scope="REGIONAL")["WebACL"]


def domain_names():
    gateway = client("apigateway")
    for domain in pages("apigateway", "get_domain_names", "items"):
        mappings = gateway.get_base_path_mappings(domainName=domain["domainName"]).get("items", [])
        yield {**domain, "basePathMappings": mappings}


def queues():
    for url in client("sqs").list_queues().get("QueueUrls", []):
        attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        if "Policy" in attributes:
            attributes["Policy"] = json.loads(attributes["Policy"])
        yield {**attributes, "QueueUrl": url}


def text_of(value):
    """What JSON has no word for: moments, and the bytes that a firewall looks for."""
    return value.decode() if isinstance(value, bytes) else str(value)


def main():
    observed = {
        "stacks": list(stacks()),
        "tables": list(tables()),
        "keys": list(keys()),
        "aliases": [alias for alias in aliases() if not is_of_aws(alias)],
        "functions": list(functions()),
        "roles": list(roles()),
        "apis": list(apis()),
        "logGroups": list(log_groups()),
        "rules": list(rules()),
        "parameters": list(parameters()),
        "webAcls": list(web_acls()),
        "domainNames": list(domain_names()),
        "certificates": pages("acm", "list_certificates", "CertificateSummaryList"),
        "secrets": pages("secretsmanager", "list_secrets", "SecretList"),
        "alarms": pages("cloudwatch", "describe_alarms", "MetricAlarms"),
        "dashboards": pages("cloudwatch", "list_dashboards", "DashboardEntries"),
        "queues": list(queues()),
        "topics": pages("sns", "list_topics", "Topics"),
    }
    print(json.dumps(observed, default=text_of))


if __name__ == "__main__":
    main()
