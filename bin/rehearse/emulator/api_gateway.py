"""API Gateway's resource types: moto makes no stages and gateway responses, and methods without templates."""

from resource_types import client, lower_first, required, resource_type, without


@resource_type("AWS::ApiGateway::Account")
class Account:
    def create(name, properties):
        arn = properties["CloudWatchRoleArn"]
        operation = {"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}
        client("apigateway").update_account(patchOperations=[operation])
        return "account", {}

    # The account outlives the stack. AWS keeps the setting.


@resource_type("AWS::ApiGateway::RestApi")
class RestApi:
    def create(name, properties):
        api = client("apigateway").create_rest_api(**parameters_of_api(properties))
        return api["id"], {"RestApiId": api["id"], "RootResourceId": api["rootResourceId"]}

    def delete(ref, properties):
        client("apigateway").delete_rest_api(restApiId=ref)


def parameters_of_api(properties):
    parameters = lower_first(without(properties, "EndpointConfiguration", "Tags"))
    endpoint = properties.get("EndpointConfiguration")
    return {**parameters, **({"endpointConfiguration": lower_first(endpoint)} if endpoint else {})}


@resource_type("AWS::ApiGateway::Resource")
class Resource:
    def create(name, properties):
        of_resource = lower_first(without(properties, "ParentId"))
        created = client("apigateway").create_resource(**of_resource, parentId=properties["ParentId"])
        return created["id"], {"ResourceId": created["id"]}

    def delete(ref, properties):
        client("apigateway").delete_resource(restApiId=properties["RestApiId"], resourceId=ref)


@resource_type("AWS::ApiGateway::Method")
class Method:
    def create(name, properties):
        put_method(properties)
        return name, {}

    def update(ref, properties):
        client("apigateway").delete_method(**method_of(properties))
        put_method(properties)

    def delete(ref, properties):
        client("apigateway").delete_method(**method_of(properties))


def method_of(properties):
    return lower_first(required(properties, "RestApiId", "ResourceId", "HttpMethod"))


def put_method(properties):
    api, method = client("apigateway"), method_of(properties)
    api.put_method(**lower_first(without(properties, "Integration", "MethodResponses")))
    for response in properties.get("MethodResponses", []):
        api.put_method_response(**method, **lower_first(response))
    integration = lower_first(without(properties["Integration"], "IntegrationResponses"))
    api.put_integration(**method, **integration)
    for response in properties["Integration"].get("IntegrationResponses", []):
        api.put_integration_response(**method, **lower_first(response))


@resource_type("AWS::ApiGateway::GatewayResponse")
class GatewayResponse:
    def create(name, properties):
        GatewayResponse.update(name, properties)
        return name, {}

    def update(ref, properties):
        client("apigateway").put_gateway_response(**lower_first(properties))

    def delete(ref, properties):
        which = lower_first(required(properties, "RestApiId", "ResponseType"))
        client("apigateway").delete_gateway_response(**which)


@resource_type("AWS::ApiGateway::Deployment")
class Deployment:
    def create(name, properties):
        return client("apigateway").create_deployment(**lower_first(properties))["id"], {}

    def delete(ref, properties):
        client("apigateway").delete_deployment(restApiId=properties["RestApiId"], deploymentId=ref)


@resource_type("AWS::ApiGateway::Stage")
class Stage:
    def create(name, properties):
        stage = without(properties, "AccessLogSetting", "MethodSettings", "Tags")
        client("apigateway").create_stage(**lower_first(stage))
        patch(properties, settings_of(properties))
        return properties["StageName"], {}

    def update(ref, properties):
        patch(properties, [("/deploymentId", properties["DeploymentId"]), *settings_of(properties)])

    def delete(ref, properties):
        client("apigateway").delete_stage(**stage_of(properties))


def stage_of(properties):
    return lower_first(required(properties, "RestApiId", "StageName"))


def patch(properties, settings):
    operations = [{"op": "replace", "path": path, "value": text_of(value)} for path, value in settings]
    client("apigateway").update_stage(**stage_of(properties), patchOperations=operations)


def text_of(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


setting_paths = {
    "DataTraceEnabled": "logging/dataTrace",
    "LoggingLevel": "logging/loglevel",
    "MetricsEnabled": "metrics/enabled",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "ThrottlingRateLimit": "throttling/rateLimit",
}


def settings_of(properties):
    log = properties.get("AccessLogSetting", {})
    yield from ((f"/accessLogSettings/{name}", value) for name, value in lower_first(log).items())
    for method in properties.get("MethodSettings", []):
        path = method["ResourcePath"].removeprefix("/")
        for name, value in without(method, "ResourcePath", "HttpMethod").items():
            yield f"/{path}/{method['HttpMethod']}/{setting_paths[name]}", value
