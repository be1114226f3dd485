"""The resource types of which moto makes less than the template says, or which it doesn't update or delete."""

import json

from moto.kms.responses import KmsResponse

from resource_types import client, lower_first, resource_type, without


@resource_type("AWS::KMS::Key")
class Key:
    def create(name, properties):
        spec = {"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT", **properties}
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
        rest = without(spec, "KeyPolicy", "Tags", "EnableKeyRotation", "PendingWindowInDays", "Enabled")
        kms = client("kms")
        key = kms.create_key(Policy=json.dumps(properties["KeyPolicy"]), Tags=tags, **rest)["KeyMetadata"]
        if properties.get("EnableKeyRotation"):
            kms.enable_key_rotation(KeyId=key["KeyId"])
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}

    def update(ref, properties):
        policy = json.dumps(properties["KeyPolicy"])
        client("kms").put_key_policy(KeyId=ref, PolicyName="default", Policy=policy)

    def delete(ref, properties):
        days = properties.get("PendingWindowInDays", 30)
        client("kms").schedule_key_deletion(KeyId=ref, PendingWindowInDays=days)


def name_key_specs():
    """Has GetPublicKey answer with KeySpec as well: moto knows only the deprecated name of the same."""
    original = KmsResponse.get_public_key

    def get_public_key(self):
        answer = json.loads(original(self))
        return json.dumps({**answer, "KeySpec": answer["CustomerMasterKeySpec"]})

    KmsResponse.get_public_key = get_public_key


@resource_type("AWS::DynamoDB::Table")
class Table:
    def create(name, properties):
        later = ("TimeToLiveSpecification", "PointInTimeRecoverySpecification", "TableName")
        encryption = properties.get("SSESpecification")
        specification = {}
        if encryption is not None:
            renamed = {"Enabled": encryption["SSEEnabled"], **without(encryption, "SSEEnabled")}
            specification = {"SSESpecification": renamed}
        database, table = client("dynamodb"), properties.get("TableName", name)
        rest = without(properties, *later, "SSESpecification")
        made = database.create_table(TableName=table, **rest, **specification)["TableDescription"]
        if "TimeToLiveSpecification" in properties:
            database.update_time_to_live(
                TableName=table, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
            )
        return table, {"Arn": made["TableArn"]}

    def delete(ref, properties):
        client("dynamodb").delete_table(TableName=ref)


@resource_type("AWS::Logs::LogGroup")
class LogGroup:
    def create(name, properties):
        logs, group = client("logs"), properties.get("LogGroupName", name)
        of_group = without(properties, "RetentionInDays", "LogGroupName", "Tags")
        logs.create_log_group(logGroupName=group, **lower_first(of_group))
        LogGroup.update(group, properties)
        made = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
        return group, {"Arn": made["arn"]}

    def update(ref, properties):
        if "RetentionInDays" in properties:
            client("logs").put_retention_policy(logGroupName=ref, retentionInDays=properties["RetentionInDays"])

    def delete(ref, properties):
        client("logs").delete_log_group(logGroupName=ref)


@resource_type("AWS::Logs::SubscriptionFilter")
class SubscriptionFilter:
    def create(name, properties):
        filter_name = properties.get("FilterName", name)
        client("logs").put_subscription_filter(**lower_first({"FilterName": filter_name, **properties}))
        return filter_name, {}

    def delete(ref, properties):
        client("logs").delete_subscription_filter(logGroupName=properties["LogGroupName"], filterName=ref)


@resource_type("AWS::IAM::Role")
class Role:
    def create(name, properties):
        iam, role = client("iam"), properties.get("RoleName", name)
        rest = without(properties, "AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "RoleName")
        trust = json.dumps(properties["AssumeRolePolicyDocument"], default=str)
        made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust, **rest)["Role"]
        put_policies(role, properties)
        return role, {"Arn": made["Arn"], "RoleId": made["RoleId"]}

    def update(ref, properties):
        iam = client("iam")
        for policy in iam.list_role_policies(RoleName=ref)["PolicyNames"]:
            iam.delete_role_policy(RoleName=ref, PolicyName=policy)
        put_policies(ref, properties)

    def delete(ref, properties):
        iam = client("iam")
        for policy in iam.list_role_policies(RoleName=ref)["PolicyNames"]:
            iam.delete_role_policy(RoleName=ref, PolicyName=policy)
        iam.delete_role(RoleName=ref)


def put_policies(role, properties):
    # Managed policies of AWS do not exist in the emulator.
    for policy in properties.get("Policies", []):
        document = json.dumps(policy["PolicyDocument"], default=str)
        client("iam").put_role_policy(RoleName=role, PolicyName=policy["PolicyName"], PolicyDocument=document)


@resource_type("AWS::Lambda::Function")
class Function:
    def create(name, properties):
        function = properties.get("FunctionName", name)
        rest = without(properties, "FunctionName", "ReservedConcurrentExecutions", "Tags")
        made = client("lambda").create_function(FunctionName=function, **rest)
        reserve_concurrency(function, properties)
        return function, {"Arn": made["FunctionArn"]}

    def update(ref, properties):
        functions = client("lambda")
        functions.update_function_code(FunctionName=ref, **properties["Code"])
        apart = ("Code", "FunctionName", "Architectures", "ReservedConcurrentExecutions", "Tags")
        functions.update_function_configuration(FunctionName=ref, **without(properties, *apart))
        reserve_concurrency(ref, properties)

    def delete(ref, properties):
        client("lambda").delete_function(FunctionName=ref)


def reserve_concurrency(function, properties):
    reserved = properties.get("ReservedConcurrentExecutions")
    if reserved is not None:
        client("lambda").put_function_concurrency(
            FunctionName=function, ReservedConcurrentExecutions=reserved
        )


@resource_type("AWS::Lambda::Permission")
class Permission:
    def create(name, properties):
        client("lambda").add_permission(StatementId=name, **properties)
        return name, {}

    def delete(ref, properties):
        client("lambda").remove_permission(FunctionName=properties["FunctionName"], StatementId=ref)


@resource_type("AWS::Events::Rule")
class Rule:
    def create(name, properties):
        rule = properties.get("Name", name)
        Rule.update(rule, properties)
        arn = client("events").describe_rule(Name=rule)["Arn"]
        return rule, {"Arn": arn}

    def update(ref, properties):
        pattern = properties.get("EventPattern")
        of_pattern = {} if pattern is None else {"EventPattern": json.dumps(pattern)}
        rest = without(properties, "Targets", "EventPattern", "Name")
        client("events").put_rule(Name=ref, **rest, **of_pattern)
        client("events").put_targets(Rule=ref, Targets=properties["Targets"])

    def delete(ref, properties):
        targets = [target["Id"] for target in properties["Targets"]]
        client("events").remove_targets(Rule=ref, Ids=targets)
        client("events").delete_rule(Name=ref)
